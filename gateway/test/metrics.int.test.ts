import { afterAll, expect, test } from '@jest/globals';
import { createLogger, createMetrics } from '@polyglot-notes/service-kit';
import { send, serverUrl } from '@polyglot-notes/service-kit/testing';
import { startMetricsServer } from '../src/metrics/metrics-server.ts';
import { gatewayTo } from './gateway.ts';
import { closeAll, recorder } from './upstreams.ts';

const log = createLogger('gateway', 'silent');
const metrics = createMetrics(log);
afterAll(closeAll);

test('the metrics are on a port of their own, never on the public one', async () => {
  const service = await recorder();
  const gateway = await gatewayTo({ notes: service.url }, { metrics });
  await send(gateway, '/api/notes/some-id');
  await send(gateway, '/health/live');
  expect((await send(gateway, '/metrics')).status).toBe(404);

  const server = await startMetricsServer({ metrics, log, host: '127.0.0.1', port: 0 });
  const { status, headers, body } = await send(serverUrl(server), '/metrics');
  expect([status, headers['content-type']]).toEqual([
    200,
    expect.stringMatching(/^text\/plain; version=0\.0\.4/),
  ]);
  const counts = body.split('\n').filter((line) => line.includes('_duration_seconds_count'));
  expect(counts.toSorted()).toEqual([
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/health/live",http_response_status_code="200"} 1',
  ]);
  expect((await send(serverUrl(server), '/api/notes')).status).toBe(404);
  server.close();
});
