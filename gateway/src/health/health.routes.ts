import { route, type Route } from '@polyglot-notes/service-kit';
import axios from 'axios';
import { z } from 'zod';
import type { ServiceUrls } from '../context.ts';
import { singleFlight } from '../single-flight.ts';

const timeoutMs = 2_000;

const ServiceHealth = z.object({ status: z.enum(['ok', 'down']), latencyMs: z.number() });
const exampleHealth = {
  status: 'degraded',
  services: {
    auth: { status: 'ok', latencyMs: 3 },
    user: { status: 'ok', latencyMs: 2 },
    notes: { status: 'down', latencyMs: 1 },
  },
} as const;
const Health = z
  .object({
    status: z.enum(['ok', 'degraded', 'down']),
    services: z.object({ auth: ServiceHealth, user: ServiceHealth, notes: ServiceHealth }),
  })
  .meta({ id: 'Health', examples: [exampleHealth] });

export function healthOverview({ auth, user, notes }: ServiceUrls): Route {
  const probeAll = singleFlight(() => Promise.all([probe(auth), probe(user), probe(notes)]));
  return route({
    method: 'get',
    path: '/health',
    tag: 'Gateway',
    summary: 'See which services are ready',
    access: 'public',
    responses: {
      200: { description: '`ok`, or `degraded` when some services are not ready', schema: Health },
      503: { description: '`down`: no service is ready', schema: Health },
    },
    handler: async () => {
      const [a, u, n] = await probeAll();
      const services = { auth: a, user: u, notes: n };
      const ready = Object.values(services).filter((service) => service.status === 'ok').length;
      if (ready === 0) return { status: 503, body: { status: 'down' as const, services } };
      return {
        status: 200,
        body: { status: ready === 3 ? ('ok' as const) : ('degraded' as const), services },
      };
    },
  });
}

async function probe(url: string): Promise<z.output<typeof ServiceHealth>> {
  const start = performance.now();
  const ready = await axios
    .get(`${url}/health/ready`, { proxy: false, signal: AbortSignal.timeout(timeoutMs) })
    .then(
      () => true,
      () => false,
    );
  return { status: ready ? 'ok' : 'down', latencyMs: Math.round(performance.now() - start) };
}
