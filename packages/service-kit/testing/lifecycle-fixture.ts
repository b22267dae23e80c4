// A service for the tests of the lifecycle; /slow answers after half a second, /wait when the service drains.
import { existsSync } from 'node:fs';
import { createLogger } from '../src/process/logging.ts';
import { env, processEnv, readEnv } from '../src/process/config.ts';
import { createMetrics } from '../src/process/metrics.ts';
import { StartError } from '../src/process/start-error.ts';
import { runService } from '../src/service/lifecycle.ts';
import { z } from 'zod';

const Settings = z.object({
  ...processEnv(8000),
  NEEDED: env.text(),
  /** The database is unavailable while this file exists. */
  UNAVAILABLE_FILE: env.text().optional(),
  REFUSED: env.flag().default(false),
  /** How long it loads what it needs, in milliseconds. */
  LOAD_MS: z.coerce.number().default(0),
});

await runService({
  name: 'fixture',
  readConfig: () => ({ ...readEnv(Settings, process.env) }),
  createContext: async ({ UNAVAILABLE_FILE: file, REFUSED: isRefused, LOAD_MS: loadMs }) => {
    if (file !== undefined && existsSync(file)) throw new StartError('The database cannot be used.');
    const log = createLogger('fixture', 'info');
    const loadedAt = performance.now() + loadMs;
    const isLoaded = () => performance.now() >= loadedAt;
    const metrics = createMetrics(log);
    metrics.storedGauge({ name: 'stored', help: 'Stored.', read: async () => [{ value: 7 }] });
    metrics.gauge({ name: 'added', help: 'Added.', ofWorkers: 'sum', read: () => [{ value: 3 }] });
    metrics.gauge({ name: 'largest', help: 'Largest.', ofWorkers: 'max', read: () => [{ value: 3 }] });
    const count = metrics.histogram({ name: 'requests', help: 'All.', labelNames: [], buckets: [1] });
    return { log, metrics, count, isRefused, isLoaded, close: async () => console.log('context closed') };
  },
  createApp:
    ({ count, isLoaded }, { stopping, draining }) =>
    (req, res) => {
      if (req.url === '/wait') {
        draining.addEventListener('abort', () => res.end('answered'));
        console.log('waits');
      } else if (req.url === '/health/ready') res.writeHead(stopping.aborted ? 503 : 200).end();
      else if (req.url === '/loaded') res.end(String(isLoaded()));
      else if (req.url === '/slow') setTimeout(() => res.end('slow but whole'), 500);
      else if (req.url === '/crash')
        setImmediate(() => {
          throw new Error('a fault');
        });
      else if (req.url === '/pid') {
        count({}, 0);
        res.end(String(process.pid));
      } else res.end(draining.aborted ? 'draining' : 'serving');
    },
  afterListen: async ({ isRefused }) => {
    if (isRefused) throw new StartError('The settings are refused.');
  },
});
