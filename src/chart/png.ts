import { createRequire } from 'node:module';
import type { EChartsOption } from 'echarts';
import { indexedPng } from './indexed-png.ts';
import { PICTURE } from './palette.ts';

/** Logical pixels; the picture has twice as many each way. */
const WIDTH = 800;

/**
 * Draws an ECharts option as PNG, 1,600 × 900 pixels. The font comes with the program: machines without one draw the same.
 */
export async function renderPng(option: EChartsOption): Promise<Uint8Array> {
  // The package's own entry takes 300 ms to import, this file 50.
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const { Resvg } = await import('@resvg/resvg-js');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: PICTURE.height });
  try {
    chart.setOption(option);
    const svg = chart.renderToSVGString();
    const drawn = new Resvg(svg, {
      fitTo: { mode: 'width', value: 2 * WIDTH },
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
