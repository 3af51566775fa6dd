/**
 * Colours that stay apart for colour-blind readers.
 * Source: M. Okabe and K. Ito, Color Universal Design, 2008.
 */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly index: string;
  readonly record: string;
  readonly quiet: string;
  readonly event: string;
  readonly higher: string;
  readonly lower: string;
  readonly median: string;
  readonly current: string;
  readonly band: string;
}

export const LIGHT: Palette = {
  background: '#ffffff',
  text: '#1f2328',
  faint: '#6e7781',
  grid: '#d8dee4',
  index: '#0072b2',
  record: '#1f2328',
  quiet: '#f0e4b8',
  event: '#d55e00',
  higher: '#56a0d3',
  lower: '#d55e00',
  median: '#1f2328',
  current: '#009e73',
  band: '#e6ebf0',
};

export const DARK: Palette = {
  background: '#161b22',
  text: '#e6edf3',
  faint: '#9198a1',
  grid: '#30363d',
  index: '#56b4e9',
  record: '#e6edf3',
  quiet: '#3d3a22',
  event: '#ff8a3d',
  higher: '#3f86b8',
  lower: '#ff8a3d',
  median: '#ffffff',
  current: '#2fc59a',
  band: '#262c35',
};

/** How a chart looks where it is shown: the same chart is a picture of fixed size, and a part of the page. */
export interface Look {
  readonly palette: Palette;
  readonly font: string;
  /** Font sizes in logical pixels. */
  readonly size: { readonly title: number; readonly text: number; readonly small: number };
  /** False where the page around it has the title. */
  readonly titled: boolean;
  /** Height of the whole chart in logical pixels. */
  readonly height: number;
  /** True where there is little room: fewer words on the axes. */
  readonly narrow: boolean;
}

/** A quiet card: white glares where a mail program is dark and shows this one all the same. Lines darker, to stand out. */
const CARD: Palette = {
  ...LIGHT,
  background: '#e8ebee',
  faint: '#59636e',
  grid: '#cbd2d9',
  quiet: '#e3d5a0',
  event: '#b34a00',
  higher: '#3d8cc4',
  lower: '#b34a00',
  current: '#00805d',
  band: '#d3dae1',
};

/** A picture of 800 × 450 that is shown at half its width on a phone. */
export const PICTURE: Look = {
  palette: CARD,
  font: 'Inter',
  size: { title: 24, text: 20, small: 17 },
  titled: true,
  height: 450,
  narrow: false,
};

/** The same picture for a dark page. */
export const DARK_PICTURE: Look = { ...PICTURE, palette: DARK };
