const TIMEOUT_MS = 10_000;

/**
 * Calls a healthchecks-style address: as it is when all is well, with `/start` or `/fail` appended otherwise.
 * @param reason sent as the body
 * @returns why it did not work, without the address, which is a secret; null when it did
 */
export async function heartbeat(url: string, signal: 'start' | 'ok' | 'fail', reason = ''): Promise<string | null> {
  const address = new URL(url);
  if (signal !== 'ok') address.pathname = `${address.pathname.replace(/\/$/, '')}/${signal}`;
  try {
    const answer = await fetch(address, {
      method: reason === '' ? 'GET' : 'POST',
      ...(reason === '' ? {} : { body: reason }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // The address is a secret; nobody else is to be called with what was meant for it.
      redirect: 'manual',
    });
    await answer.body?.cancel();
    return answer.ok ? null : `HEARTBEAT_URL answers HTTP ${answer.status}`;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return `HEARTBEAT_URL cannot be reached (${cause?.code ?? name})`;
  }
}
