import { afterAll, expect, test } from '@jest/globals';
import { createLogger, createMetrics } from '@polyglot-notes/service-kit';
import { send } from '@polyglot-notes/service-kit/testing';
import { gatewayTo, refusing } from './gateway.ts';
import { closeAll, listen, recorder } from './upstreams.ts';

afterAll(closeAll);

test('the metrics count requests, answers and faults of services, and refusals by limit', async () => {
  const metrics = createMetrics(createLogger('gateway', 'silent'));
  const limits = { windowMs: 60_000, max: 0, authMax: 1, refreshMax: 0, counters: undefined };
  const { url: notes } = await recorder();
  const gateway = await gatewayTo({ notes, user: refusing }, { metrics, limits });
  await send(gateway, '/api/notes/some-id');
  await send(gateway, '/api/users/me');
  const logIn = () => send(gateway, '/api/auth/login', { method: 'POST' });
  expect([(await logIn()).status, (await logIn()).status]).toEqual([503, 429]);
  await send(gateway, '/health/live');
  expect((await send(gateway, '/metrics')).status).toBe(404);

  const lines = (await metrics.text()).split('\n');
  const counts = lines.filter((line) => /(?:_duration_seconds_count|_total|_open)\{/.test(line));
  expect(counts.filter((line) => !line.endsWith(' 0')).toSorted()).toEqual([
    'gateway_upstream_duration_seconds_count{upstream="notes"} 1',
    'gateway_upstream_faults_total{upstream="auth",reason="service_unavailable"} 1',
    'gateway_upstream_faults_total{upstream="user",reason="service_unavailable"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="503"} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/health/live",http_response_status_code="200"} 1',
    'http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="429"} 1',
    'http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="503"} 1',
    'rate_limited_requests_total{limit="auth"} 1',
  ]);
  expect(lines).toContain('gateway_upstream_circuit_open{upstream="user"} 0');
});

test('the metrics show a service to which no more requests are sent', async () => {
  const metrics = createMetrics(createLogger('gateway', 'silent'));
  const gateway = await gatewayTo({ notes: await listen(() => {}) }, { metrics });
  for (const status of [504, 504, 504, 503])
    expect((await send(gateway, '/api/notes/some-id')).status).toBe(status);
  const lines = (await metrics.text()).split('\n');
  expect(lines).toContain('gateway_upstream_circuit_open{upstream="notes"} 1');
  expect(lines).toContain('gateway_upstream_faults_total{upstream="notes",reason="gateway_timeout"} 3');
  expect(lines).toContain('gateway_upstream_faults_total{upstream="notes",reason="circuit_open"} 1');
});
