import { createRequire } from 'node:module';
import type { EChartsOption } from 'echarts';
import { indexedPng } from './indexed-png.ts';
import { PICTURE } from './palette.ts';

/** How big a picture is drawn. */
export interface PictureSize {
  /** Logical pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for each logical one. */
  readonly scale: number;
}

/** The charts beside a message: 1,600 × 900 pixels. */
const OF_A_CHART: PictureSize = { width: 800, height: PICTURE.height, scale: 2 };

/** Draws an ECharts option as PNG. The font comes with the program: machines without one draw the same. */
export async function renderPng(
  option: EChartsOption,
  { width, height, scale }: PictureSize = OF_A_CHART,
): Promise<Uint8Array> {
  // The package's own entry takes 300 ms to import, this file 50.
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const { Resvg } = await import('@resvg/resvg-js');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    const svg = chart.renderToSVGString();
    const drawn = new Resvg(svg, {
      fitTo: { mode: 'width', value: scale * width },
      font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'Inter' },
    }).render();
    return indexedPng(drawn.pixels, drawn.width);
  } finally {
    chart.dispose();
  }
}

function fontFiles(): string[] {
  const require = createRequire(import.meta.url);
  return [
    require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
    require.resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf'),
  ];
}
