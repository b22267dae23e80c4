// Runs every query of the dashboard and the alerts in a real Prometheus that scrapes a running system.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import { freePort, newUser, until } from '@polyglot-notes/service-kit/testing';
import { parse } from 'yaml';
import { runBackup } from './backup-command.ts';
import { runReconcile } from './reconcile-command.ts';
import { startSystem, type System } from '../systems.ts';

const prometheus = [process.env['PROMETHEUS_PATH'], '/usr/bin/prometheus'].find(
  (path) => path !== undefined && existsSync(path),
);
if (prometheus === undefined)
  console.log(
    'There is no /usr/bin/prometheus and no PROMETHEUS_PATH: the tests of dashboard and alerts are skipped.',
  );
const describeWithPrometheus = prometheus === undefined ? describe.skip : describe;

const fileOf = (name: string) => join(root, 'deploy/observability', name);

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}
const dashboard = JSON.parse(readFileSync(fileOf('dashboard.json'), 'utf8')) as Dashboard;
const dashboardQueries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m')] as const),
);

const { groups } = parse(readFileSync(fileOf('alerts.yml'), 'utf8')) as {
  groups: { rules: { alert: string; expr: string }[] }[];
};
/** What an alert compares: it has a value also while the alert does not fire. */
const alertQueries = groups.flatMap(({ rules }) =>
  rules.map(({ alert, expr }) => [alert, expr.trim().replace(/\s[<>=]+ [\d.]+$/, '')] as const),
);

describeWithPrometheus('in Prometheus,', () => {
  let system: System;
  let folder: string;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    system = await startSystem();
    folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-prometheus-'));
    const jobs = Object.entries(system.metricsUrls).map(([name, metricsUrl]) => ({
      job_name: name,
      static_configs: [{ targets: [new URL(metricsUrl).host] }],
    }));
    await writeFile(
      join(folder, 'prometheus.json'),
      // JSON is YAML.
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [fileOf('alerts.yml')],
        scrape_configs: jobs,
      }),
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    child = spawn(
      prometheus!,
      [
        `--config.file=${join(folder, 'prometheus.json')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await runReconcile(system);
    await runBackup(system, join(folder, 'backups'), 'backup');
    const user = await newUser(system.api);
    await user.call('GET', '/api/notes');
    await user.call('GET', '/api/users/me');
  });
  afterAll(async () => {
    child.kill('SIGTERM');
    await Promise.all([once(child, 'exit'), system.close()]);
    await rm(folder, { recursive: true });
  });

  interface Result {
    status: string;
    error?: string;
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }

  /** The values of a query; none while Prometheus starts. Throws when the query is wrong. */
  async function valuesOf(query: string): Promise<string[]> {
    const body = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)
      .then((response) => response.json() as Promise<Result>)
      .catch(() => undefined);
    if (body === undefined) return [];
    if (body.status !== 'success') throw new Error(`${query}: ${body.error}`);
    return body.data.result.map(({ value: [, value] }) => value);
  }

  /** The values when Prometheus has scraped often enough. */
  async function valuesInTime(query: string): Promise<string[]> {
    await until(async () => (await valuesOf(query)).length > 0);
    return valuesOf(query);
  }

  test.each(dashboardQueries)('the panel "%s" has data', async (_title, query) => {
    expect(await valuesInTime(query)).not.toEqual([]);
  });

  test('the requests that alerts and dashboard leave out have these routes', async () => {
    for (const route of ['/internal/revocations', '/health/ready'])
      expect(
        await valuesInTime(
          `http_server_request_duration_seconds_count{job="auth-service",http_route="${route}"}`,
        ),
      ).not.toEqual([]);
  });

  test.each(alertQueries)('the alert %s has a value to compare', async (_alert, query) => {
    expect(await valuesInTime(query)).not.toEqual([]);
  });
});
