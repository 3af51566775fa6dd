import { init } from 'echarts/dist/echarts.esm.min.mjs';
import { type OutcomeChartFacts, outcomeChart, outcomeChartText } from '../../chart/outcome-chart.ts';
import { lookFor, type View } from './look.ts';
import { tooltip } from './tooltip.ts';

/** The benchmark after each event, for the months that are chosen. */
export function showOutcomes(element: HTMLElement, facts: OutcomeChartFacts): View {
  const choices = [...document.querySelectorAll<HTMLInputElement>('input[name=months]')];
  const months = () => Number(choices.find(({ checked }) => checked)?.value ?? 12);

  element.hidden = false;
  element.setAttribute('role', 'img');
  const chart = init(element);
  const draw = () => {
    const look = lookFor(element);
    chart.resize();
    chart.setOption(
      {
        ...outcomeChart(facts, look, months()),
        tooltip: tooltip(look, (shown) => describe(shown as Shown[])),
      },
      { notMerge: true },
    );
    element.setAttribute('aria-label', outcomeChartText(facts, months()));
  };
  for (const choice of choices) choice.addEventListener('change', draw);
  const fieldset = choices[0]?.closest('fieldset');
  if (fieldset) fieldset.hidden = false;
  draw();
  return { redraw: draw };
}

interface Shown {
  readonly seriesName: string;
  readonly value: readonly [number, number];
}

/** The paths at one time, the highest first. */
function describe(shown: readonly Shown[]): string {
  const paths = shown
    .filter(({ seriesName }) => !['band', 'any day', 'years'].includes(seriesName))
    .toSorted((a, b) => b.value[1] - a.value[1]);
  const month = paths[0]?.value[0] ?? 0;
  return [
    `after ${month.toFixed(1)} months`,
    ...paths.map(({ seriesName, value }) => `${value[1].toFixed(1)}  ${seriesName.replace(/^(\d{4})-.*/, '$1')}`),
  ].join('\n');
}
