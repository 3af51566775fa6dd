import type { OutcomeChartFacts } from '../../chart/outcome-chart.ts';
import type { RecordChartFacts } from '../../chart/record-chart.ts';
import { showOutcomes } from './outcome-view.ts';
import { showRecord } from './record-view.ts';
import { makeSortable } from './sort-table.ts';

for (const table of document.querySelectorAll('table')) makeSortable(table);
await showCharts();

async function showCharts(): Promise<void> {
  const [record, outcomes] = ['record', 'outcomes'].map((id) => document.getElementById(id));
  if (record == null || outcomes == null) return;
  try {
    const [answer] = await Promise.all([fetch(`/api/charts${location.search}`), document.fonts.load('13px Inter')]);
    const facts = await answer.json();
    if (!answer.ok) throw new Error(facts.error);
    const views = [
      showRecord(record, facts.record as RecordChartFacts),
      showOutcomes(outcomes, facts.outcomes as OutcomeChartFacts),
    ];
    const redraw = () => {
      for (const view of views) view.redraw();
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    let width = record.clientWidth;
    new ResizeObserver(() => {
      if (record.clientWidth !== width) redraw();
      width = record.clientWidth;
    }).observe(record);
    document.documentElement.dataset.charts = 'drawn';
  } catch (error) {
    for (const id of ['record-readout', 'outcomes-readout']) {
      const line = document.getElementById(id);
      if (line) line.textContent = `The chart cannot be drawn: ${(error as Error).message}`;
    }
  }
}
