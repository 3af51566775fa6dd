import { init } from 'echarts/dist/echarts.esm.min.mjs';
import { recordAxes } from '../../chart/record-axes.ts';
import { type RecordChartFacts, recordChart, recordChartText } from '../../chart/record-chart.ts';
import { indexPoints } from '../../chart/record-points.ts';
import { addMonths, toDate, toDay } from '../../market/session.ts';
import { calendarTime, change, date, points } from '../../message/format.ts';
import { lastOnOrBefore } from '../../study/outcomes.ts';
import { lookFor, type View } from './look.ts';

const DAY_MS = 86_400_000;
/** The stretches that a button shows, in years. */
const STRETCHES = [1, 5, 10, 20];

/** The index and its records: zoomed by Ctrl and wheel, two fingers, slider and buttons; read by pointer and arrow keys. */
export function showRecord(element: HTMLElement, facts: RecordChartFacts): View {
  const { closes, events } = facts;
  const [first, last] = [closes[0]?.session ?? '', closes.at(-1)?.session ?? ''];
  const readout = document.getElementById(`${element.id}-readout`);
  const records = recordsOf(facts);
  const eventSessions = new Set(events.map(({ session }) => session));
  let [from, to] = [first, last];
  let at = closes.length - 1;

  element.hidden = false;
  element.tabIndex = 0;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', `${recordChartText(facts)} Arrow keys read it close by close.`);
  const chart = init(element);

  const describe = (position: number): string[] => {
    const [close, record] = [closes[position], closes[records[position] ?? 0]];
    if (close === undefined || record === undefined) return [];
    const where =
      record === close
        ? 'a record close'
        : `${change(record.close / close.close - 1, 2)} to the record of ${date(record.session)} (${calendarTime(record.session, close.session)})`;
    const event = eventSessions.has(close.session) ? ['the first record in over a year'] : [];
    return [`${date(close.session)}: ${points(close.close)}`, where, ...event];
  };
  const positionAt = (time: number) => lastOnOrBefore(closes, toDate(Math.round(time / DAY_MS)));

  const draw = () => {
    const look = lookFor(element);
    const { palette, size, font } = look;
    const option = recordChart(facts, look);
    const stretch = { startValue: toDay(from) * DAY_MS, endValue: toDay(to) * DAY_MS };
    chart.resize();
    chart.setOption(
      {
        ...option,
        grid: { ...(option.grid as object), bottom: 74 },
        tooltip: {
          trigger: 'axis',
          renderMode: 'richText',
          confine: true,
          axisPointer: { type: 'line', lineStyle: { color: palette.faint } },
          backgroundColor: palette.background,
          borderColor: palette.faint,
          textStyle: { color: palette.text, fontSize: size.small, fontFamily: font },
          formatter: (shown: unknown) => {
            const [point] = shown as { axisValue: number }[];
            return describe(positionAt(Number(point?.axisValue))).join('\n');
          },
        },
        dataZoom: [
          {
            type: 'inside',
            filterMode: 'none',
            minValueSpan: 30 * DAY_MS,
            // The wheel alone, and a finger, scroll the page.
            zoomOnMouseWheel: 'ctrl',
            preventDefaultMouseMove: false,
            ...stretch,
          },
          {
            type: 'slider',
            filterMode: 'none',
            minValueSpan: 30 * DAY_MS,
            ...stretch,
            height: 26,
            bottom: 8,
            showDetail: false,
            borderColor: palette.grid,
            fillerColor: `${palette.index}33`,
            dataBackground: { lineStyle: { color: palette.faint }, areaStyle: { color: palette.band } },
            selectedDataBackground: { lineStyle: { color: palette.index }, areaStyle: { color: palette.band } },
            handleStyle: { color: palette.background, borderColor: palette.faint },
          },
        ],
      },
      { notMerge: true },
    );
    if (from !== first || to !== last) fitStretch();
  };
  /** The heights, the dates and the closes of what is shown. */
  const fitStretch = () => {
    const { xAxis, yAxis, gridLines } = recordAxes(facts, lookFor(element), from, to);
    const data = indexPoints(closes, from, to);
    chart.setOption({ xAxis, yAxis, series: [{ id: 'index', data, markLine: gridLines }] });
  };
  const zoom = (start: string, end: string) =>
    chart.dispatchAction({
      type: 'dataZoom',
      dataZoomIndex: 1,
      startValue: toDay(start) * DAY_MS,
      endValue: toDay(end) * DAY_MS,
    });

  chart.on('datazoom', () => {
    const { dataZoom } = chart.getOption() as { dataZoom: { startValue: number; endValue: number }[] };
    const { startValue, endValue } = dataZoom[1] ?? {
      startValue: toDay(first) * DAY_MS,
      endValue: toDay(last) * DAY_MS,
    };
    [from, to] = [startValue, endValue].map((time) => toDate(Math.round(time / DAY_MS))) as [string, string];
    fitStretch();
    element.dataset.shown = `${from}/${to}`;
  });
  const read = (position: number) => {
    at = Math.min(closes.length - 1, Math.max(0, position));
    if (readout) readout.textContent = describe(at).join(', ');
  };
  chart.on('updateAxisPointer', (event) => {
    const [axis] = (event as { axesInfo?: { value: number }[] }).axesInfo ?? [];
    if (axis !== undefined) read(positionAt(axis.value));
  });
  element.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -21, PageDown: 21 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    read(at + step);
  });
  read(at);
  element.before(buttons(first, last, zoom));
  draw();
  return { redraw: draw };
}

function buttons(first: string, last: string, zoom: (from: string, to: string) => void): HTMLElement {
  const row = document.createElement('div');
  row.className = 'stretches';
  row.setAttribute('role', 'group');
  row.setAttribute('aria-label', 'Years shown');
  for (const years of [...STRETCHES, undefined]) {
    const from = years === undefined ? first : addMonths(last, -12 * years);
    if (from < first) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = years === undefined ? 'All' : `${years} y`;
    button.addEventListener('click', () => zoom(from, last));
    row.append(button);
  }
  return row;
}

/** Per close the position of the record that stood at its end. */
function recordsOf({ closes }: RecordChartFacts): number[] {
  let record = 0;
  return closes.map(({ close }, position) => {
    if (close > (closes[record]?.close ?? 0)) record = position;
    return record;
  });
}
