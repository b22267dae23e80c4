import { problems, route, type Route, singleFlight } from '@polyglot-notes/service-kit';
import axios from 'axios';
import { z } from 'zod';
import { byService, services, type ServiceUrls } from '../services.ts';

const timeoutMs = 2_000;

const ServiceHealth = z.object({ status: z.enum(['ok', 'down']), latencyMs: z.number() });
const Health = z
  .object({
    status: z.enum(['ok', 'degraded', 'down']),
    services: z.object(byService(() => ServiceHealth)),
  })
  .meta({ id: 'Health', examples: [example()] });

/** The route that shows which of the services are ready. */
export function healthOverviewRoute(urls: ServiceUrls): Route {
  const probeAll = singleFlight(() => Promise.all(services.map(({ name }) => probe(urls[name]))));
  return route({
    method: 'get',
    path: '/health',
    tag: 'Gateway',
    summary: 'Show which services are ready',
    access: 'public',
    responses: {
      200: { description: '`ok`, or `degraded` when some services are not ready', schema: Health },
      503: { description: '`down`: no service is ready', schema: Health },
    },
    problems: [problems.rateLimited],
    handler: async () => {
      const probes = await probeAll();
      const body = { services: byService((_service, index) => probes[index]!) };
      const ready = probes.filter(({ status }) => status === 'ok').length;
      if (ready === 0) return { status: 503, body: { ...body, status: 'down' as const } };
      const status = ready === services.length ? ('ok' as const) : ('degraded' as const);
      return { status: 200, body: { ...body, status } };
    },
  });
}

function example() {
  const last = services.length - 1;
  return {
    status: 'degraded',
    services: byService((_service, index) => ({
      status: index === last ? 'down' : 'ok',
      latencyMs: services.length - index,
    })),
  };
}

async function probe(url: string): Promise<z.output<typeof ServiceHealth>> {
  const start = performance.now();
  const isReady = await axios
    .get(`${url}/health/ready`, { proxy: false, signal: AbortSignal.timeout(timeoutMs) })
    .then(
      () => true,
      () => false,
    );
  return { status: isReady ? 'ok' : 'down', latencyMs: Math.round(performance.now() - start) };
}
