import { createServer } from 'node:http';
import {
  listen,
  noSuchRoute,
  problemJson,
  sendMetrics,
  type Logger,
  type Metrics,
} from '@polyglot-notes/service-kit';
import express from 'express';

interface MetricsServerOptions {
  metrics: Metrics;
  log: Logger;
  host: string;
  port: number;
}

/** Serves `/metrics` on a port of its own, because the port of the API is public. Throws when the port is in use. */
export async function startMetricsServer({ metrics, log, host, port }: MetricsServerOptions) {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', sendMetrics(metrics));
  app.use(noSuchRoute, problemJson(log));
  const server = createServer(app);
  await listen(server, port, host);
  return server;
}
