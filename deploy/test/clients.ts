import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { createClient, until, type Client } from '@polyglot-notes/service-kit/testing';
import type { Compose } from './compose.ts';

/** A client of the system at `url`, over connections that are kept, as a browser or a proxy does. */
export const clientOf = (url: string, agent = new Agent({ keepAlive: true })) =>
  createClient(url, { timeoutMs: 30_000, agent });

/** A client that trusts the certificate of Caddy, as soon as Caddy and a gateway are ready. `host` is that of PUBLIC_URL. */
export async function clientThroughCaddy(system: Compose, host: string): Promise<Client> {
  const certificate = '/data/caddy/pki/authorities/local/root.crt';
  let ca = '';
  await until(async () => {
    ca = await system.compose('exec', '-T', 'caddy', 'cat', certificate).catch(() => '');
    return ca !== '';
  });
  const agent = new TlsAgent({ host: '127.0.0.1', port: 18_443, ca, keepAlive: true });
  const client = clientOf(`https://${host}`, agent);
  await until(
    async () => (await client.call('GET', '/health').catch(() => undefined))?.body?.status === 'ok',
  );
  return client;
}
