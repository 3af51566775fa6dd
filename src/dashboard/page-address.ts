import type { Session } from '../market/close.ts';
import type { PageFacts } from './page-facts.ts';

/** The part of an address that says which signal and which session are shown. */
export function queryOf(
  { signals, signal, asOf }: Pick<PageFacts, 'signals' | 'signal' | 'asOf'>,
  session: Session | undefined = asOf,
): string {
  const parts = [
    ...(signals.length > 1 ? [`signal=${encodeURIComponent(signal.id)}`] : []),
    ...(session === undefined ? [] : [`as-of=${session}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
