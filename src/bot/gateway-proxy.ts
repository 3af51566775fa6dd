import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { ClientOptions } from 'ws';

/** As much of `ws` as is replaced. */
interface Library {
  WebSocket: new (address: string | URL, protocols?: string | string[], options?: ClientOptions) => object;
}

/**
 * Sends the gateway's connections through the proxy too: the WebSocket inside discord.js opens its sockets past Node's
 * agents, and discord.js has no option for it. To be called before discord.js is loaded, in a thread that uses a proxy.
 */
export function sendGatewayThroughProxy(): void {
  const discord = createRequire(import.meta.url).resolve('discord.js');
  const gateway = createRequire(discord).resolve('@discordjs/ws');
  const library = createRequire(gateway)('ws') as Library;
  library.WebSocket = class extends library.WebSocket {
    constructor(address: string | URL, protocols?: string | string[], options: ClientOptions = {}) {
      const { globalAgent: agent } = new URL(address).protocol === 'wss:' ? https : http;
      super(address, protocols, { ...options, agent });
    }
  };
}
