import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import type { Session } from '../market/close.ts';
import { alertMessage, eventId } from '../message/alert.ts';
import { changedFigures } from '../message/correction.ts';
import type { Message } from '../message/message.ts';
import { detect } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { eventStudyAt } from '../study/event-study.ts';
import { historyOf, type SignalCloses } from '../study/signal-closes.ts';

/** The events and figures of the whole history against what was told from the closes of each day alone. */
export function differencesOf(
  app: Pick<App, 'settings' | 'source' | 'now'>,
  signal: Signal,
  all: SignalCloses,
  from: Session,
  messages: readonly Message[],
): string[] {
  const batch = detect(historyOf(signal, all), signal.quietYears).events.filter(({ session }) => session >= from);
  const alerts = new Map(messages.filter(({ kind }) => kind === 'alert').map((alert) => [alert.session, alert]));
  const missed = batch.filter(({ session }) => !alerts.has(session));
  const others = [...alerts.keys()].filter((session) => !batch.some((event) => event.session === session));
  return [
    ...missed.map(({ session }) => `${eventId(signal.id, session)} is an event of the study and was not told`),
    ...others.map((session) => `${eventId(signal.id, session ?? '')} was told and is no event of the study`),
    ...batch.flatMap(({ session }) => {
      const alert = alerts.get(session);
      const eventStudy = alert && eventStudyAt(signal, all, session, alert.benchmarkTo ?? undefined);
      if (alert === undefined || eventStudy === undefined) return [];
      return changedFigures(alert, alertMessage(labelsOf(app, signal), eventStudy, null)).map(
        ({ name, printed, now }) => `${alert.id}: ${name} was told as ${printed}, and is ${now} in the study`,
      );
    }),
  ];
}
