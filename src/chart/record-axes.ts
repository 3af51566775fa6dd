import type { Close, Session } from '../market/close.ts';
import { date } from '../message/format.ts';
import type { Look } from './palette.ts';
import { time } from './record-points.ts';

/** The steps of a logarithmic axis that people read: 1, 2 and 5 of every power of ten. */
const STEPS = [1, 2, 5];

/**
 * Axes and grid lines for a stretch of time; by default for all of it.
 * @param from first session shown
 * @param to last session shown
 */
export function recordAxes(
  { closes }: { readonly closes: readonly Close[] },
  { palette, font, size, narrow }: Look,
  from: Session = closes[0]?.session ?? '',
  to: Session = closes.at(-1)?.session ?? '',
) {
  const shown = closes.filter(({ session }) => session >= from && session <= to);
  const low = shown.reduce((best, { close }) => Math.min(best, close), shown[0]?.close ?? 1);
  const high = shown.reduce((best, { close }) => Math.max(best, close), low);
  const ticks = ticksBetween(low, high);
  const room = Math.max(0.01, Math.log10(high / low)) / 50;
  const dates = datesBetween(from, to, narrow ? 5 : 7);
  return {
    xAxis: {
      type: 'value' as const,
      min: time(closes[0]?.session ?? ''),
      max: time(closes.at(-1)?.session ?? ''),
      axisLine: { lineStyle: { color: palette.faint } },
      axisTick: { customValues: dates.map(({ at }) => at) },
      axisLabel: {
        customValues: dates.map(({ at }) => at),
        fontFamily: font,
        fontSize: size.text,
        color: palette.text,
        formatter: (value: number) => dates.find(({ at }) => at === value)?.text ?? '',
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: Math.log10(low) - room,
      max: Math.log10(high) + 2 * room,
      axisTick: { show: false },
      axisLabel: {
        customValues: ticks.map(Math.log10),
        fontFamily: font,
        fontSize: size.text,
        color: palette.text,
        formatter: (value: number) => Math.round(10 ** value).toLocaleString('en-US'),
      },
      splitLine: { show: false },
    },
    gridLines: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: palette.grid, type: 'solid' as const, width: 1 },
      data: ticks.map((tick) => ({ yAxis: Math.log10(tick) })),
    },
  };
}

/** Steps between the dates of an axis, in months. */
const DATE_STEPS = [1, 2, 3, 6, 12, 24, 60, 120];

/** The first days of months or years that an axis names, at most `most` of them. */
function datesBetween(from: Session, to: Session, most: number): { at: number; text: string }[] {
  if (from === '' || to === '') return [];
  const monthOf = (session: Session) => Number(session.slice(0, 4)) * 12 + Number(session.slice(5, 7)) - 1;
  const [first, last] = [monthOf(from) + 1, monthOf(to)];
  const step = DATE_STEPS.find((months) => (last - first) / months < most) ?? 240;
  const begin = Math.ceil(first / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((last - begin) / step) + 1) }, (_, n) => {
    const month = begin + n * step;
    const day = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
    return { at: time(day), text: step < 12 ? date(day).slice(2) : day.slice(0, 4) };
  });
}

/** The numbers that people read on a logarithmic axis: 1, 2 and 5 of every power of ten; even steps where that is too few. */
function ticksBetween(low: number, high: number): number[] {
  const powers = Array.from({ length: 9 }, (_, power) => 10 ** power);
  const steps = powers.flatMap((power) => STEPS.map((step) => step * power));
  const ticks = steps.filter((tick) => tick >= low * 0.95 && tick <= high * 1.1);
  if (ticks.length > 2) return ticks;
  const step = steps.find((candidate) => (high - low) / candidate <= 5) ?? 1;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, n) => (first + n) * step);
}
