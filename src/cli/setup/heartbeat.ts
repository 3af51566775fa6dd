import { find } from '../../health/finding.ts';
import { testHeartbeat } from '../../health/heartbeat.ts';
import { attempt } from './attempt.ts';
import { type Stage, tellHeld } from './stage.ts';

export const HEARTBEAT_VARIABLE = 'HEARTBEAT_URL';

/** Asks for the address that proves from outside that this machine is on. */
export async function setUpHeartbeat(stage: Stage): Promise<void> {
  const { prompter, draft } = stage;
  tellHeld(stage, [HEARTBEAT_VARIABLE]);
  const isHeld = draft.isHeld(HEARTBEAT_VARIABLE);
  if (isHeld && !draft.isSet(HEARTBEAT_VARIABLE)) return;
  if (!isHeld) {
    prompter.explain('Heartbeat', [
      'Only an outside service can notice that this machine is off. https://healthchecks.io is free; others work too.',
      'Create a check there with a period of 1 hour and a grace time of 2 hours, and copy its ping URL.',
    ]);
    const offer = draft.isSet(HEARTBEAT_VARIABLE);
    if (!(await prompter.confirm({ text: 'Use a heartbeat?', offer }))) return;
  }
  const ask = async ({ [HEARTBEAT_VARIABLE]: before = '' }: Readonly<Record<string, string>>) => {
    const address = (await prompter.secret({ text: 'Ping URL', isSet: before !== '' })) || before;
    return address === '' ? undefined : { [HEARTBEAT_VARIABLE]: address };
  };
  const values = await attempt(
    stage,
    {
      what: 'the heartbeat',
      ...(isHeld ? {} : { ask }),
      try: async (settings) => {
        const { heartbeatUrl = '' } = settings;
        return [await find(settings, 'heartbeat', () => testHeartbeat(heartbeatUrl))];
      },
    },
    { [HEARTBEAT_VARIABLE]: draft.present(HEARTBEAT_VARIABLE) },
  );
  if (values !== undefined) draft.answer(values);
}
