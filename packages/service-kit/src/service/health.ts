import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Logger } from '../process/logging.ts';
import { route, type Route } from '../http/route.ts';

const tag = 'Health';
const Liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', examples: [{ status: 'ok' }] });
const Readiness = z
  .object({
    status: z.enum(['ok', 'down', 'draining']),
    checks: z.record(z.string(), z.enum(['ok', 'down'])),
  })
  .meta({ id: 'Readiness', examples: [{ status: 'ok', checks: { database: 'ok' } }] });

/** Throws when the thing that it looks at cannot be used now. */
export type HealthCheck = () => Promise<void> | void;

const checkMs = 2_000;

interface HealthOptions {
  checks: Record<string, HealthCheck>;
  draining: () => boolean;
  log: Logger;
}

/**
 * `/health/live`: the process is up. `/health/ready`: it can serve; a 503 names the checks that fail or take longer
 * than two seconds, and `draining` makes it one as soon as the process is about to stop.
 */
export function healthRoutes({ checks, draining, log }: HealthOptions): Route[] {
  const failing = new Set<string>();

  async function outcome(name: string, check: HealthCheck): Promise<'ok' | 'down'> {
    try {
      await Promise.race([check(), rejectLate(name)]);
      failing.delete(name);
      return 'ok';
    } catch (error) {
      if (!failing.has(name)) log.warn({ err: error, check: name }, 'not ready');
      failing.add(name);
      return 'down';
    }
  }

  return [
    route({
      method: 'get',
      path: '/health/live',
      tag,
      summary: 'See that the process is up',
      access: 'public',
      isPolled: true,
      responses: { 200: { description: 'It is', schema: Liveness } },
      handler: async () => ({ status: 200, body: { status: 'ok' as const } }),
    }),
    route({
      method: 'get',
      path: '/health/ready',
      tag,
      summary: 'See whether it can serve',
      access: 'public',
      isPolled: true,
      responses: {
        200: { description: 'It can', schema: Readiness },
        503: { description: 'It cannot: a check fails, or it is about to stop', schema: Readiness },
      },
      handler: async () => {
        const outcomes = await Promise.all(
          Object.entries(checks).map(async ([name, check]) => [name, await outcome(name, check)] as const),
        );
        const body = { checks: Object.fromEntries(outcomes) };
        if (draining()) return { status: 503, body: { ...body, status: 'draining' as const } };
        const isDown = outcomes.some(([, result]) => result === 'down');
        if (isDown) return { status: 503, body: { ...body, status: 'down' as const } };
        return { status: 200, body: { ...body, status: 'ok' as const } };
      },
    }),
  ];
}

async function rejectLate(name: string): Promise<never> {
  await delay(checkMs, undefined, { ref: false });
  throw new Error(`${name} did not answer within ${checkMs} ms`);
}

/** A check that the signing keys have been read. */
export const keysLoaded =
  (keys: { loaded(): boolean }): HealthCheck =>
  () => {
    if (!keys.loaded()) throw new Error('no signing keys yet');
  };

/** A check that it is known who has been cut off. */
export const revocationsLoaded =
  (revocations: { isUsable(): boolean }): HealthCheck =>
  () => {
    if (!revocations.isUsable()) throw new Error('it is not known who has been cut off');
  };
