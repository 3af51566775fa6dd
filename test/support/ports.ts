import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that nothing listens at, below those that the system gives to connections (32768 and up): who stops listening there
 * finds it free when it starts again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
