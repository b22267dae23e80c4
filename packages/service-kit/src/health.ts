import { Router } from 'express';

/** Throws when the thing that it looks at cannot be used now. */
export type HealthCheck = () => Promise<void> | void;

/**
 * `/health/live`: the process is up. `/health/ready`: it can serve; a 503 names the checks that fail,
 * and `draining` makes it one as soon as the process is about to stop.
 */
export function healthRoutes(checks: Record<string, HealthCheck>, draining: () => boolean): Router {
  const router = Router();
  router.get('/health/live', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/health/ready', async (_req, res) => {
    const outcomes = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await check();
          return [name, 'ok'];
        } catch {
          return [name, 'down'];
        }
      }),
    );
    const ready = !draining() && outcomes.every(([, outcome]) => outcome === 'ok');
    const status = ready ? 'ok' : draining() ? 'draining' : 'down';
    res.status(ready ? 200 : 503).json({ status, checks: Object.fromEntries(outcomes) });
  });
  return router;
}

/** A check that the signing keys have been read. */
export const keysLoaded =
  (keys: { loaded(): boolean }): HealthCheck =>
  () => {
    if (!keys.loaded()) throw new Error('no signing keys yet');
  };
