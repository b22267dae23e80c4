import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Logger } from '../process/logging.ts';
import { primary } from '../process/primary.ts';
import { within } from '../process/within.ts';
import type { Outcomes } from './worker-health.ts';

const tag = 'Health';
const Liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', examples: [{ status: 'ok' }] });
const Readiness = z
  .object({
    status: z.enum(['ok', 'down', 'draining']),
    checks: z.record(z.string(), z.enum(['ok', 'down'])),
  })
  .meta({ id: 'Readiness', examples: [{ status: 'ok', checks: { database: 'ok' } }] });

/** Throws when the dependency is unavailable. */
export type HealthCheck = () => Promise<void> | void;

const checkMs = 2_000;

interface HealthOptions {
  checks: Record<string, HealthCheck>;
  /** Aborts when the service begins to shut down. */
  stopping?: AbortSignal | undefined;
  log: Logger;
}

/**
 * `/health/live` and `/health/ready`. Readiness fails when a check fails or takes longer than two seconds, in any of the
 * workers.
 */
export function healthRoutes({ checks, stopping, log }: HealthOptions): Route[] {
  const failing = new Set<string>();

  async function outcome(name: string, check: HealthCheck): Promise<'ok' | 'down'> {
    try {
      await within(checkMs, check());
      failing.delete(name);
      return 'ok';
    } catch (error) {
      if (!failing.has(name)) log.warn({ err: error, check: name }, 'not ready');
      failing.add(name);
      return 'down';
    }
  }

  async function ownOutcomes(): Promise<Outcomes> {
    const entries = Object.entries(checks);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, check]) => [name, await outcome(name, check)] as const)),
    );
  }
  const hasChecks = Object.keys(checks).length > 0;
  primary()?.answer('health', ownOutcomes);

  return [
    route({
      method: 'get',
      path: '/health/live',
      tag,
      summary: 'Check that the process is running',
      access: 'public',
      isPolled: true,
      responses: { 200: { description: 'The process is running', schema: Liveness } },
      handler: async () => ({ status: 200, body: { status: 'ok' as const } }),
    }),
    route({
      method: 'get',
      path: '/health/ready',
      tag,
      summary: 'Check whether the process can serve requests',
      access: 'public',
      isPolled: true,
      responses: {
        200: { description: 'All checks pass', schema: Readiness },
        503: { description: 'A check fails, or the process is shutting down', schema: Readiness },
      },
      handler: async () => {
        const ofWorkers = hasChecks ? primary()?.call<Outcomes>('health') : undefined;
        const outcomes = await (ofWorkers ?? ownOutcomes());
        const body = { checks: outcomes };
        if (stopping?.aborted) return { status: 503, body: { ...body, status: 'draining' as const } };
        const isDown = Object.values(outcomes).includes('down');
        if (isDown) return { status: 503, body: { ...body, status: 'down' as const } };
        return { status: 200, body: { ...body, status: 'ok' as const } };
      },
    }),
  ];
}

/** Checks that the signing keys have been loaded. */
export const keysLoaded =
  (keys: { loaded(): boolean }): HealthCheck =>
  () => {
    if (!keys.loaded()) throw new Error('the signing keys have not been loaded');
  };

/** Checks that the revocations have been loaded and are not too old. */
export const revocationsLoaded =
  (revocations: { isUsable(): boolean }): HealthCheck =>
  () => {
    if (!revocations.isUsable()) throw new Error('the revocations have not been loaded, or are too old');
  };
