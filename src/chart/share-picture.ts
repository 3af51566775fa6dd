import type { EChartsOption } from 'echarts';
import { LIGHT, type Look } from './palette.ts';
import type { PictureSize } from './png.ts';
import { type RecordChartFacts, recordChart } from './record-chart.ts';

/** What the services that show links ask for: 1,200 × 630 pixels. */
export const SHARE_SIZE: PictureSize = { width: 1200, height: 630, scale: 1 };

const FONT = 'Inter';
const LEFT = 56;
const LINE = 1.2;
const MOST_LINES = 3;
/** Without a browser lines are measured by the letters of another font: bold ones of this font are wider. */
const BOLD_ROOM = 0.9;
const LOOK: Look = {
  palette: LIGHT,
  font: FONT,
  size: { title: 30, text: 20, small: 18 },
  titled: false,
  height: SHARE_SIZE.height,
  narrow: true,
};

/** The words of the picture. */
export interface ShareWords {
  /** Whose answer it is: "Russell 2000". */
  readonly title: string;
  readonly headline: string;
  /** The figures beside each other, each with the words below it. */
  readonly figures: readonly { readonly value: string; readonly text: string }[];
}

/** The answer of the page above the chart of the index and its records. An ECharts option of the size `SHARE_SIZE`. */
export function sharePicture({ title, headline, figures }: ShareWords, facts: RecordChartFacts): EChartsOption {
  const { palette } = LOOK;
  const column = (SHARE_SIZE.width - 2 * LEFT) / Math.max(1, figures.length);
  const chart = recordChart(facts, LOOK);
  return {
    ...chart,
    grid: { left: LEFT + 54, right: LEFT, top: 352, bottom: 56 },
    graphic: [
      words(title, { x: LEFT, y: 38, size: 24, color: palette.faint, bold: true }),
      words('Breakout Bell', {
        x: SHARE_SIZE.width - LEFT,
        y: 38,
        size: 24,
        color: palette.event,
        bold: true,
        align: 'right',
      }),
      words(headline, { x: LEFT, y: 76, size: 38, color: palette.text, bold: true }),
      ...figures.flatMap(({ value, text }, at) => [
        words(value, { x: LEFT + at * column, y: 226, size: 46, color: palette.index, bold: true }),
        words(text, { x: LEFT + at * column, y: 284, size: 22, color: palette.text, width: column - 24 }),
      ]),
    ],
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'right';
  /** Where its lines are broken; by default at the margins of the picture. */
  readonly width?: number;
}

function words(text: string, { x, y, size, color, bold = false, align = 'left', width }: Place) {
  return {
    type: 'text' as const,
    x,
    y,
    style: {
      text,
      fontFamily: FONT,
      fontSize: size,
      fontWeight: bold ? ('bold' as const) : ('normal' as const),
      fill: color,
      align,
      width: (width ?? SHARE_SIZE.width - 2 * LEFT) * (bold ? BOLD_ROOM : 1),
      overflow: 'break' as const,
      lineHeight: Math.round(size * LINE),
      height: MOST_LINES * Math.round(size * LINE),
      lineOverflow: 'truncate' as const,
    },
  };
}
