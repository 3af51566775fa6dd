import type { Look } from '../../chart/palette.ts';
import { type RecordChartFacts, recordChart } from '../../chart/record-chart.ts';
import type { RecordReading } from './record-reading.ts';
import { SHORTEST_MS, type Stretch, timeSpanOf } from './stretch.ts';
import { tooltip } from './tooltip.ts';

/** Where the slider stands among the ways to zoom: it is asked what is shown. */
export const SLIDER = 1;

/** The record chart as ECharts takes it, with what only the page has: it can be zoomed and read. */
export function recordOption(facts: RecordChartFacts, look: Look, shown: Stretch, reading: RecordReading) {
  const option = recordChart(facts, look);
  return {
    ...option,
    grid: { ...(option.grid as object), bottom: 74 },
    tooltip: tooltip(look, (shown) => {
      const [point] = shown as { axisValue: number }[];
      return reading.describe(reading.positionAt(Number(point?.axisValue))).join('\n');
    }),
    dataZoom: [wheel(shown), slider(look, shown)],
  };
}

function wheel(shown: Stretch) {
  return {
    type: 'inside',
    filterMode: 'none',
    minValueSpan: SHORTEST_MS,
    // The wheel alone, and a finger, scroll the page.
    zoomOnMouseWheel: 'ctrl',
    preventDefaultMouseMove: false,
    ...timeSpanOf(shown),
  } as const;
}

function slider({ palette }: Look, shown: Stretch) {
  return {
    type: 'slider',
    filterMode: 'none',
    minValueSpan: SHORTEST_MS,
    ...timeSpanOf(shown),
    height: 26,
    bottom: 8,
    showDetail: false,
    borderColor: palette.grid,
    fillerColor: `${palette.index}33`,
    dataBackground: { lineStyle: { color: palette.faint }, areaStyle: { color: palette.band } },
    selectedDataBackground: { lineStyle: { color: palette.index }, areaStyle: { color: palette.band } },
    handleStyle: { color: palette.background, borderColor: palette.faint },
  } as const;
}
