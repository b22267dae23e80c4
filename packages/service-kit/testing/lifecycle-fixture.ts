// A service for the tests of the lifecycle; /slow answers after half a second, /wait when the service drains.
import { createLogger } from '../src/process/logging.ts';
import { env, processEnv, readEnv } from '../src/process/config.ts';
import { runService } from '../src/service/lifecycle.ts';
import { z } from 'zod';

await runService({
  readConfig: () => readEnv(z.object({ ...processEnv(8000), NEEDED: env.text() }), process.env),
  createContext: async () => ({
    log: createLogger('fixture', 'info'),
    close: async () => console.log('context closed'),
  }),
  createApp: (_context, draining) => (req, res) => {
    if (req.url === '/wait') {
      draining.addEventListener('abort', () => res.end('answered'));
      console.log('waits');
    } else if (req.url === '/slow') setTimeout(() => res.end('slow but whole'), 500);
    else res.end(draining.aborted ? 'draining' : 'serving');
  },
});
