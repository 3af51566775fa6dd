import { DARK, LIGHT, type Look } from '../../chart/palette.ts';

/** Below this width there is room for few words. */
const NARROW = 560;

/** How a chart looks on this page, now. */
export function lookFor(element: HTMLElement): Look {
  const narrow = element.clientWidth < NARROW;
  return {
    palette: matchMedia('(prefers-color-scheme: dark)').matches ? DARK : LIGHT,
    font: 'Inter, system-ui, sans-serif',
    size: { title: 16, text: narrow ? 12 : 13, small: narrow ? 11 : 12 },
    titled: false,
    height: element.clientHeight,
    narrow,
  };
}

/** A chart on the page. */
export interface View {
  /** Draws it anew: other colours, another width. */
  redraw(): void;
}
