import { join } from 'node:path';
import { root } from '@polyglot-notes/local-stack/testing';
import { startNginx } from './nginx.ts';
import { startProgram, type Program } from './program.ts';

/** A proxy in front of the upstream, or the upstream itself. */
export interface Contestant {
  name: string;
  start: (options: { upstream: string; issuer: string }) => Promise<Program | undefined>;
}

const here = (file: string) => join(import.meta.dirname, file);
const proxy =
  (file: string, mode = '') =>
  ({ upstream }: { upstream: string }) =>
    startProgram(here(file), { UPSTREAM: upstream, MODE: mode });

export const startBareHpm = proxy('hpm-proxy.ts');

export const noProxy = 'no proxy';
export const bareHpm = 'http-proxy-middleware';
export const nginx = 'nginx';
export const ours = 'this gateway';

/** In the order of the tables. nginx takes part where it is installed. */
export const contestants: readonly Contestant[] = [
  { name: noProxy, start: async ({ upstream }) => ({ url: upstream, pids: [], stop: async () => {} }) },
  { name: nginx, start: startNginx },
  { name: 'node:http and Agent', start: proxy('node-proxy.ts') },
  { name: 'http-proxy-middleware, its floor', start: proxy('hpm-proxy.ts', 'floor') },
  { name: bareHpm, start: startBareHpm },
  {
    name: ours,
    start: ({ upstream, issuer }) =>
      startProgram(join(root, 'gateway/src/main.ts'), {
        AUTH_SERVICE_URL: issuer,
        USER_SERVICE_URL: upstream,
        NOTES_SERVICE_URL: upstream,
        RATE_LIMIT_MAX: '1000000',
        RATE_LIMIT_WINDOW_MS: '1000',
        LOG_LEVEL: 'info',
      }),
  },
];
