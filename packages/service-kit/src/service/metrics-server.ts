import { createServer, type RequestListener } from 'node:http';
import type { Logger } from '../process/logging.ts';
import { metricsContentType } from '../process/metrics.ts';
import { listen } from './listen.ts';

export interface MetricsAddress {
  HOST: string;
  METRICS_PORT?: number | undefined;
}

/** All metrics of a service in Prometheus's text format. */
interface MetricsText {
  text(): Promise<string>;
}

/**
 * Serves `/metrics` on METRICS_PORT, if there is one: the port of the API may be public. Returns a function that ends it.
 * Throws a StartError when the port is in use.
 */
export async function serveMetrics(
  metrics: MetricsText,
  { HOST, METRICS_PORT }: MetricsAddress,
  log: Logger,
): Promise<() => void> {
  if (METRICS_PORT === undefined) return () => {};
  const server = createServer(answerScrapes(metrics, log));
  await listen(server, { setting: 'METRICS_PORT', port: METRICS_PORT, host: HOST });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

const answerScrapes =
  (metrics: MetricsText, log: Logger): RequestListener =>
  async (req, res) => {
    if (req.url?.split('?')[0] !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    try {
      const text = await metrics.text();
      res.writeHead(200, { 'Content-Type': metricsContentType }).end(text);
    } catch (err) {
      log.error({ err }, 'the metrics cannot be read');
      res.writeHead(500).end();
    }
  };
