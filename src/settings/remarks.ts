import { channelRemarks, unencryptedChannels } from '../channel/channel-settings.ts';
import { isOpenTo, type Variables } from '../channel/variables.ts';
import type { Environment } from './environment.ts';

/** What is for a test or a private network, and easily forgotten there, a line each. */
export function trustRemarks(env: Variables, environment: Environment): string[] {
  const heartbeat = isOpenTo(URL.parse(env.HEARTBEAT_URL ?? ''), 'http:') ? ['HEARTBEAT_URL'] : [];
  const open = [...unencryptedChannels(env), ...heartbeat].sort();
  return [
    ...channelRemarks(env),
    ...open.map((name) => `${name} is not encrypted and leads to another machine: anybody on the way can read it.`),
    ...(environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of every certificate: anybody on the way can read the tokens.',
        ]
      : []),
  ];
}
