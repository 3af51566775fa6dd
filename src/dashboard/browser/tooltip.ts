import type { Look } from '../../chart/palette.ts';

/** What stands beside the pointer, in the colours of the page. @param describe its text, of what ECharts shows there */
export function tooltip({ palette, size, font }: Look, describe: (shown: unknown) => string) {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    axisPointer: { type: 'line', lineStyle: { color: palette.faint } },
    backgroundColor: palette.background,
    borderColor: palette.faint,
    textStyle: { color: palette.text, fontSize: size.small, fontFamily: font },
    formatter: describe,
  } as const;
}
