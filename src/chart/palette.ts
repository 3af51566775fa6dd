/**
 * Colours that stay apart for colour-blind readers, on white.
 * Source: M. Okabe and K. Ito, Color Universal Design, 2008.
 */
export const PALETTE = {
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
} as const;

export const FONT = 'Inter';

/** Sizes for a canvas of 800 × 450 that is shown at half its width on a phone. */
export const SIZE = { title: 24, text: 20, small: 17 } as const;
