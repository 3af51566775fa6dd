import type { App } from '../app/app.ts';
import { chartFacts } from '../app/chart-facts.ts';
import { labelsOf } from '../app/labels.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { renderPng } from '../chart/png.ts';
import { SHARE_SIZE, sharePicture } from '../chart/share-picture.ts';
import type { Session } from '../market/close.ts';
import type { Signal } from '../signal/signal.ts';
import { answerOf, type Figure } from './answer.ts';
import { standingOf } from './standing.ts';

/** The answer of the page as a PNG, for whoever posts a link to it; undefined where there is no close. */
export async function shareImage(app: App, signal: Signal, asOf: Session | undefined): Promise<Uint8Array | undefined> {
  const standing = await standingOf(app, signal, asOf);
  const charts = chartFacts(app.settings, signal, signalCloses(app, signal, asOf));
  if (standing === undefined || charts === undefined) return undefined;
  const { headline, armed, record, followed } = answerOf(labelsOf(app, signal), standing);
  const figure = ({ value, note }: Figure, text = note) => ({ value, text });
  return renderPng(
    sharePicture(
      {
        title: app.source.note === undefined ? signal.title : `${signal.title} · ${app.source.note}`,
        headline,
        figures: [figure(armed), figure(record), figure(followed, `higher a year later; ${followed.note}`)],
      },
      charts.record,
    ),
    SHARE_SIZE,
  );
}
