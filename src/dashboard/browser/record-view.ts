import { init } from 'echarts/dist/echarts.esm.min.mjs';
import { recordAxes } from '../../chart/record-axes.ts';
import { type RecordChartFacts, recordChartText } from '../../chart/record-chart.ts';
import { indexPoints } from '../../chart/record-points.ts';
import { lookFor, type View } from './look.ts';
import { recordOption, SLIDER } from './record-option.ts';
import { type RecordReading, recordReading } from './record-reading.ts';
import { type Stretch, stretchButtons, stretchOf, type TimeSpan, timeSpanOf } from './stretch.ts';

type Chart = ReturnType<typeof init>;

/** Sessions that a key steps. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -21, PageDown: 21 };

/** The index and its records: zoomed by Ctrl and wheel, two fingers, slider and buttons; read by pointer and arrow keys. */
export function showRecord(element: HTMLElement, facts: RecordChartFacts): View {
  const { closes } = facts;
  const whole: Stretch = { from: closes[0]?.session ?? '', to: closes.at(-1)?.session ?? '' };
  const reading = recordReading(facts);
  let shown = whole;

  element.hidden = false;
  element.tabIndex = 0;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', `${recordChartText(facts)} Arrow keys read it close by close.`);
  const chart = init(element);

  const draw = () => {
    chart.resize();
    chart.setOption(recordOption(facts, lookFor(element), shown, reading), { notMerge: true });
    if (shown.from !== whole.from || shown.to !== whole.to) fitStretch();
  };
  /** The heights, the dates and the closes of what is shown. */
  const fitStretch = () => {
    const { from, to } = shown;
    const { xAxis, yAxis, gridLines } = recordAxes(facts, lookFor(element), from, to);
    const data = indexPoints(closes, from, to);
    chart.setOption({ xAxis, yAxis, series: [{ id: 'index', data, markLine: gridLines }] });
  };
  chart.on('datazoom', () => {
    const { dataZoom } = chart.getOption() as { dataZoom: TimeSpan[] };
    shown = stretchOf(dataZoom[SLIDER] ?? timeSpanOf(whole));
    fitStretch();
    element.dataset.shown = `${shown.from}/${shown.to}`;
  });
  readAlong(element, chart, reading, closes.length - 1);
  element.before(
    stretchButtons(whole, (stretch) =>
      chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: SLIDER, ...timeSpanOf(stretch) }),
    ),
  );
  draw();
  return { redraw: draw };
}

/** Says in words the close at the pointer, or the one that the keys step to. Begins with the newest. */
function readAlong(element: HTMLElement, chart: Chart, { describe, positionAt }: RecordReading, newest: number): void {
  const readout = document.getElementById(`${element.id}-readout`);
  let at = newest;
  const read = (position: number) => {
    at = Math.min(newest, Math.max(0, position));
    if (readout) readout.textContent = describe(at).join(', ');
  };
  chart.on('updateAxisPointer', (event) => {
    const [axis] = (event as { axesInfo?: { value: number }[] }).axesInfo ?? [];
    if (axis !== undefined) read(positionAt(axis.value));
  });
  element.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    read(at + step);
  });
  read(at);
}
