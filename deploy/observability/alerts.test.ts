// Checks the alerts and the settings of Prometheus. With promtool it also runs the alerts against recorded values.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const promtool = [process.env['PROMTOOL_PATH'], '/usr/bin/promtool'].find(
  (path) => path !== undefined && existsSync(path),
);
if (promtool === undefined)
  console.log('There is no /usr/bin/promtool and no PROMTOOL_PATH: the tests of the alerts are skipped.');
const describeWithPromtool = promtool === undefined ? describe.skip : describe;

interface Alert {
  alert: string;
  labels: Record<string, string>;
  annotations: { summary: string; runbook_url: string };
}

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const read = (name: string) => readFileSync(pathOf(name), 'utf8');
interface Rules {
  groups: { rules: Alert[] }[];
}
const rules: Rules = parse(read('alerts.yml'));
const alerts = rules.groups.flatMap((group) => group.rules);

interface Case {
  /** The values of each series, one per interval, with which the alert fires, and others with which it does not. */
  series: Record<string, [firing: string, quiet: string]>;
  labels?: Record<string, string>;
  at?: string;
  /** Between two values, and between two evaluations. Each evaluation takes milliseconds. */
  interval?: string;
}

const jobs = ['gateway', 'auth-service', 'user-service', 'notes-service'];
const up = (job: string) => `up{job="${job}",instance="a"}`;
const requests = (job: string, status: number, route = '') =>
  `http_server_request_duration_seconds_count{job="${job}",http_route="${route}",http_response_status_code="${status}"}`;
const durations = (job: string, limit: string, route: string) =>
  `http_server_request_duration_seconds_bucket{job="${job}",http_route="${route}",http_response_status_code="200",le="${limit}"}`;
/** Frequent requests that are fast and succeed. */
const polled = ['/internal/revocations', '/health/ready'];

const cases: Record<string, Case | Case[]> = {
  // Of a service that is gone, service discovery finds no instance: it has no series.
  ServiceDown: jobs.flatMap((down) => {
    const others = jobs.filter((job) => job !== down).map((job) => [up(job), ['1x20', '1x20']]);
    return [
      {
        series: { ...Object.fromEntries(others), [up(down)]: ['0x20', '1x20'] },
        labels: { job: down, instance: 'a' },
      },
      { series: { ...Object.fromEntries(others), [up(down)]: ['_x20', '1x20'] }, labels: { job: down } },
    ];
  }),
  ManyErrors: [
    {
      series: {
        [requests('gateway', 200)]: ['0+60x20', '0+60x20'],
        [requests('gateway', 500)]: ['0+6x20', '0+1x20'],
      },
      labels: { job: 'gateway' },
    },
    {
      series: {
        ...Object.fromEntries(
          polled.map((route) => [requests('auth-service', 200, route), ['0+960x20', '0+960x20']]),
        ),
        [requests('auth-service', 200, '/api/auth/login')]: ['0+60x20', '0+60x20'],
        [requests('auth-service', 500, '/api/auth/login')]: ['0+6x20', '0+1x20'],
      },
      labels: { job: 'auth-service' },
    },
  ],
  SlowRequests: [
    {
      series: {
        [durations('notes-service', '1', '/api/notes')]: ['0+50x20', '0+59x20'],
        [durations('notes-service', '2.5', '/api/notes')]: ['0+60x20', '0+60x20'],
        [durations('notes-service', '+Inf', '/api/notes')]: ['0+60x20', '0+60x20'],
      },
      labels: { job: 'notes-service' },
    },
    {
      series: {
        ...Object.fromEntries(
          polled.flatMap((route) =>
            ['1', '2.5', '+Inf'].map((limit) => [
              durations('auth-service', limit, route),
              ['0+960x20', '0+960x20'],
            ]),
          ),
        ),
        [durations('auth-service', '1', '/api/auth/login')]: ['0+50x20', '0+59x20'],
        [durations('auth-service', '2.5', '/api/auth/login')]: ['0+60x20', '0+60x20'],
        [durations('auth-service', '+Inf', '/api/auth/login')]: ['0+60x20', '0+60x20'],
      },
      labels: { job: 'auth-service' },
    },
  ],
  CircuitOpen: {
    series: { 'gateway_upstream_circuit_open{upstream="auth"}': ['1x20', '0x20'] },
    labels: { upstream: 'auth' },
  },
  RevocationFeedOld: {
    series: { 'revocation_feed_age_seconds{job="user-service"}': ['20x20', '1x20'] },
    labels: { job: 'user-service' },
  },
  SigningKeysOld: {
    series: { 'signing_keys_age_seconds{job="gateway"}': ['400x20', '60x20'] },
    labels: { job: 'gateway' },
  },
  DeliveriesLate: {
    series: { 'account_deliveries_oldest_seconds{job="user-service",state="due"}': ['700x20', '5x20'] },
    labels: { job: 'user-service' },
  },
  DeliveriesParked: {
    series: { 'account_deliveries_open{job="user-service",state="parked"}': ['1x20', '0x20'] },
    labels: { job: 'user-service' },
  },
  MailsLate: { series: { 'mail_deliveries_oldest_seconds{state="due"}': ['2000x20', '60x20'] } },
  MailsParked: { series: { 'mail_deliveries_open{state="parked"}': ['1x20', '0x20'] } },
  StoresDiffer: { series: { 'account_drift{kind="role"}': ['1x20', '0x20'] } },
  StoresNotCompared: [
    { series: { account_drift_checked_timestamp_seconds: ['0x240', '0+60x240'] }, at: '4h' },
    { series: { account_drift_checked_timestamp_seconds: ['_x20', '0x20'] } },
  ],
  // The time of a test begins at 0.
  BackupOld: [
    { series: { backup_completed_timestamp_seconds: ['1x28', '7200x28'] }, at: '28h', interval: '1h' },
    { series: { backup_completed_timestamp_seconds: ['1x28', '0x28'] }, at: '28h', interval: '1h' },
  ],
  BackupMissing: [
    {
      series: { backup_completed_timestamp_seconds: ['0x56', '0x50 1x6'] },
      at: '28h',
      interval: '30m',
    },
    // Restarts of user-service.
    {
      series: { backup_completed_timestamp_seconds: ['0x20 _ 0x20 _ 0x14', '1x20 _ 1x20 _ 1x14'] },
      at: '28h',
      interval: '30m',
    },
  ],
  ManyFailedLogins: {
    series: {
      'password_refusals_total{type="login_failed",reason="invalid_credentials"}': ['0+120x40', '0+30x40'],
    },
    at: '40m',
  },
  ManyRateLimitedRequests: {
    series: { 'rate_limited_requests_total{limit="api"}': ['0+600x40', '0+60x40'] },
    labels: { limit: 'api' },
    at: '40m',
  },
  PasswordQueueLong: {
    series: {
      'password_queue_length{instance="a"}': ['40x20', '10x20'],
      'password_queue_limit{instance="a"}': ['60x20', '60x20'],
    },
    labels: { instance: 'a' },
  },
  ConnectionsExhausted: {
    series: {
      'postgresql_connections_waited_for{instance="a",purpose="lists"}': ['2x20', '0 9 0x18'],
    },
    labels: { instance: 'a', purpose: 'lists' },
  },
  EventLoopSlow: {
    series: { 'nodejs_eventloop_lag_p99_seconds{job="gateway"}': ['1x20', '0.02x20'] },
    labels: { job: 'gateway' },
  },
  MetricsOld: {
    series: {
      'metric_updated_timestamp_seconds{job="user-service",metric="account_drift"}': ['0x20', '0+60x20'],
      'metric_updated_timestamp_seconds{job="user-service",metric="account_deliveries_open"}': [
        '0+60x20',
        '0+60x20',
      ],
    },
    labels: { job: 'user-service' },
  },
};

test('each alert has a case here', () => {
  expect(Object.keys(cases).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test('each alert has a section in the runbook', () => {
  const headings = [...read('../../docs/operations/troubleshoot.md').matchAll(/^#+ (.+)$/gm)];
  const anchors = new Set(headings.map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-')));
  const linked = alerts.map(({ annotations }) => annotations.runbook_url.split('#')[1]);
  expect(linked.filter((anchor) => !anchors.has(String(anchor)))).toEqual([]);
});

test('Prometheus scrapes the metrics of the services of docker-compose.yml', () => {
  const compose: { services: Record<string, { environment?: { METRICS_PORT?: string } }> } = parse(
    read('../../docker-compose.yml'),
    { merge: true },
  );
  const served = Object.entries(compose.services).flatMap(([name, { environment }]) =>
    environment?.METRICS_PORT === undefined ? [] : [[name, Number(environment.METRICS_PORT)]],
  );
  const config: { scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[] } = parse(
    read('prometheus.yml'),
  );
  const scraped = config.scrape_configs.flatMap(({ dns_sd_configs: found }) =>
    found.map(({ names, port }) => [...names, port]),
  );
  expect(served).toHaveLength(4);
  expect(scraped).toEqual(served);
});

describeWithPromtool('with promtool,', () => {
  const run = promisify(execFile);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-alerts-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs promtool. Its output is the message when it fails. */
  const check = (...args: string[]) => run(promtool!, args).then(() => 'SUCCESS', String);

  /** The outcome of each alert on the firing or the quiet values of its cases. */
  async function checkAlerts(which: 'firing' | 'quiet'): Promise<string> {
    const all = Object.entries(cases).flatMap(([name, each]) =>
      [each].flat().map((one) => ({ name, ...one })),
    );
    const files = all.map(async ({ name, series, labels = {}, at = '20m', interval = '1m' }, index) => {
      const alert = alerts.find((each) => each.alert === name)!;
      const expected = { exp_labels: { ...alert.labels, ...labels }, exp_annotations: alert.annotations };
      const one = {
        interval,
        input_series: Object.entries(series).map(([of, [firing, quiet]]) => ({
          series: of,
          values: which === 'firing' ? firing : quiet,
        })),
        alert_rule_test: [
          { eval_time: at, alertname: name, exp_alerts: which === 'firing' ? [expected] : [] },
        ],
      };
      const file = join(folder, `${which}-${index}.json`);
      // JSON is YAML.
      await writeFile(
        file,
        JSON.stringify({ rule_files: [pathOf('alerts.yml')], evaluation_interval: interval, tests: [one] }),
      );
      return file;
    });
    return check('test', 'rules', ...(await Promise.all(files)));
  }

  test('each alert fires', async () => {
    expect(await checkAlerts('firing')).toBe('SUCCESS');
  });

  test('no alert fires without a reason', async () => {
    expect(await checkAlerts('quiet')).toBe('SUCCESS');
  });

  test('the settings of Prometheus are valid', async () => {
    expect(await check('check', 'config', pathOf('prometheus.yml'))).toBe('SUCCESS');
  });
});
