// Builds the manifests with every combination of components, and compares them with Kubernetes' types and with docker-compose.yml.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as auth from '../../../auth-service/src/config.ts';
import * as gateway from '../../../gateway/src/config.ts';
import * as notes from '../../../notes-service/src/config.ts';
import * as user from '../../../user-service/src/config.ts';
import { fillIn } from '../../env/fill-in.ts';
import { build, installTools, podsOf, selects, type Manifest, type Rule } from './kubectl.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const configs = { gateway, 'auth-service': auth, 'user-service': user, 'notes-service': notes };
const services = Object.keys(configs) as (keyof typeof configs)[];
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { environment?: Record<string, string>; networks?: string[] }>;
};

const optional = ['replicas', 'http-route', 'service-monitor', 'backup', 'cloudnative-pg'];
const combinations = subsetsOf(optional).flatMap((components) => [
  { components, secrets: 'generated' },
  { components: [...components, 'external-secret'], secrets: 'external' },
]);

function subsetsOf<Item>([first, ...others]: readonly Item[]): Item[][] {
  if (first === undefined) return [[]];
  return subsetsOf(others).flatMap((subset) => [subset, [first, ...subset]]);
}

// Values for all secrets that the example needs.
const secrets: Record<string, string | undefined> = {
  ...parseEnv(fillIn(read('.env.example')).text),
  AUTH_MONGODB_URL: 'mongodb://auth:password@mongo.example.com/micro-auth-db',
  USER_MONGODB_URL: 'mongodb://user:password@mongo.example.com/micro-user-db',
  DATABASE_URL: 'postgresql://notes:password@postgres.example.com/micro-notes-db',
  SMTP_URL: 'smtps://user:password@mail.example.com',
};

let folder: string;
const built: { components: string[]; manifests: Manifest[] }[] = [];

beforeAll(async () => {
  await installTools();
  folder = await mkdtemp(join(import.meta.dirname, 'built-'));
  const example = parse(read('deploy/kubernetes/example/kustomization.yaml')) as Record<string, unknown>;
  await writeFile(join(folder, 'namespace.yaml'), read('deploy/kubernetes/example/namespace.yaml'));
  await writeFile(
    join(folder, 'secrets.env'),
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );
  for (const { components, secrets: kind } of combinations) {
    const { secretGenerator, ...others } = example;
    const kustomization = {
      ...others,
      resources: ['namespace.yaml', '../../base'],
      components: components.map((name) => `../../components/${name}`),
      ...(kind === 'generated' && { secretGenerator }),
    };
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    built.push({ components, manifests: await build(folder) });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const all = () => built.flatMap(({ manifests }) => manifests);
const widest = () => built.at(-1)!.manifests;
const pods = (manifests: Manifest[]) => manifests.flatMap((manifest) => podsOf(manifest) ?? []);

test('the README names every key of the Secret', () => {
  const used = pods(all()).flatMap(({ spec }) =>
    spec.containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) =>
        valueFrom?.secretKeyRef?.name.startsWith('secrets') ? [valueFrom.secretKeyRef.key] : [],
      ),
    ),
  );
  const readme = read('deploy/kubernetes/README.md');
  const unnamed = [...new Set(used)].filter((key) => !readme.includes(key));
  expect([used.length > 10, unnamed]).toEqual([true, []]);
});

test('every combination of components builds', () => {
  expect(built).toHaveLength(64);
  for (const { components, manifests } of built) {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect([components, names.length]).toEqual([components, new Set(names).size]);
  }
});

describe('the types of Kubernetes', () => {
  /** What the compiler says of objects whose types follow from their kinds. */
  async function faultsIn(manifests: readonly Manifest[]): Promise<string> {
    const distinct = new Map(manifests.map((manifest) => [JSON.stringify(manifest), manifest]));
    const lines = [...distinct].map(
      ([text, { apiVersion, kind }], index) =>
        `import type { I${kind} as Kind${index} } from '${packageOf(apiVersion)}${apiVersion}';\n` +
        `export const object${index}: Kind${index} = ${text};`,
    );
    const file = join(folder, 'manifests.ts');
    await writeFile(file, lines.join('\n'));
    const settings = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--types', ''];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return run(
      process.execPath,
      [tsc, ...settings, '--moduleResolution', 'bundler', '--ignoreConfig', file],
      {
        maxBuffer: 16 * 2 ** 20,
      },
    ).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  }

  function packageOf(apiVersion: string): string {
    if (apiVersion.startsWith('gateway.networking')) return '@kubernetes-models/gateway-api/';
    if (apiVersion.startsWith('monitoring.coreos')) return '@kubernetes-models/prometheus-operator/';
    if (apiVersion.startsWith('external-secrets')) return '@kubernetes-models/external-secrets/';
    if (apiVersion.startsWith('postgresql.cnpg')) return '@kubernetes-models/cloudnative-pg/';
    return 'kubernetes-models/';
  }

  test('fit every object', async () => {
    expect(await faultsIn(all())).toBe('');
  });

  test('find a misspelt field and a wrong value', async () => {
    const text = JSON.stringify(widest().find(({ kind }) => kind === 'Deployment'));
    const misspelt = JSON.parse(text.replace('readinessProbe', 'readynessProbe')) as Manifest;
    expect(await faultsIn([misspelt])).toContain('readynessProbe');
    const wrong = JSON.parse(text.replace('"periodSeconds":2', '"periodSeconds":"2"')) as Manifest;
    expect(await faultsIn([wrong])).toContain("'string' is not assignable to type 'number'");
  });
});

test('every pod is restricted, bounded, and without access to the API of Kubernetes', () => {
  for (const { spec } of pods(all())) {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of spec.containers)
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: {
          requests: { cpu: expect.anything(), memory: expect.anything() },
          limits: { memory: expect.anything() },
        },
      });
  }
});

test('auth-service is found before it is ready, because it waits for user-service, which waits for it', () => {
  const found = widest().filter(({ spec }) => spec?.publishNotReadyAddresses);
  expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Service auth-service']);
});

test('with CloudNativePG, everything that uses its database takes the URL from its Secret', () => {
  const secretsOf = (components: string[]) =>
    pods(built.find((each) => each.components.join() === components.join())!.manifests)
      .flatMap(({ spec }) => spec.containers.flatMap(({ env = [] }) => env))
      .filter(({ name }) => name === 'DATABASE_URL' || name === 'NOTES_DATABASE_URL')
      .map(({ valueFrom }) => valueFrom?.secretKeyRef?.name.replace(/^secrets-.*/, 'secrets'));
  expect(secretsOf(['backup'])).toEqual(Array(3).fill('secrets'));
  expect(secretsOf(['backup', 'cloudnative-pg'])).toEqual(Array(3).fill('notes-postgres-app'));
});

test('the alerts know the Services that are scraped, by their names', () => {
  const { manifests } = built.find(({ components }) => components.join() === 'service-monitor')!;
  const scraped = manifests
    .filter(({ kind, metadata }) => kind === 'Service' && metadata.labels?.['metrics'] === 'polyglot-notes')
    .map(({ metadata }) => metadata.name);
  const rules = JSON.stringify(manifests.filter(({ kind }) => kind === 'PrometheusRule'));
  // Without a `jobLabel`, the job is the name of the Service.
  expect(JSON.stringify(manifests.find(({ kind }) => kind === 'ServiceMonitor'))).not.toContain('jobLabel');
  const jobs = [...rules.matchAll(/absent\(up\{job=\\"(.+?)\\"/g)].map(([, job = '']) => job);
  expect(jobs.toSorted()).toEqual(scraped.toSorted());
  expect(jobs.toSorted()).toEqual(services.toSorted());
});

describe.each(services)('%s', (name) => {
  const container = () =>
    pods(built.find(({ components }) => components.length === 0)!.manifests)
      .flatMap(({ spec }) => spec.containers)
      .find((each) => each.name === name)!;
  const settings = (): Record<string, string> =>
    built[0]!.manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('settings-'),
    )?.data ?? {};

  test('gets the variables that it gets from docker compose', () => {
    const names = container().env!.map((variable) => variable.name);
    // Kubernetes has `preStop` instead.
    const expected = Object.keys(compose.services[name]!.environment ?? {}).filter(
      (variable) => variable !== 'SHUTDOWN_DELAY_MS',
    );
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  test('gets all required settings from the example', () => {
    const environment = Object.fromEntries(
      container().env!.map(({ name: variable, value, valueFrom }) => {
        const { secretKeyRef: secret, configMapKeyRef: setting } = valueFrom ?? {};
        if (secret !== undefined) return [variable, secrets[secret.key]];
        return [variable, setting === undefined ? value : settings()[setting.key]];
      }),
    );
    expect(() => configs[name].readConfig(environment)).not.toThrow();
  });
});

describe('network access', () => {
  const labels = () =>
    new Map(
      pods(widest()).map(({ metadata }) => [metadata.labels['app.kubernetes.io/name']!, metadata.labels]),
    );
  const policies = () => widest().filter(({ kind }) => kind === 'NetworkPolicy');

  /** Whether a rule of the policies for one pod, in one direction, names another pod and the port. */
  function allows(direction: 'ingress' | 'egress', of: string, other: string, port: number): boolean {
    const known = labels();
    const rules: Rule[] = policies()
      .filter(({ spec }) => selects(spec.podSelector, known.get(of)!))
      .flatMap(({ spec }) => spec[direction] ?? []);
    return rules.some(
      ({ from, to, ports }) =>
        ports?.some((each) => each.port === port) &&
        (from ?? to ?? [{}]).some(
          ({ podSelector, namespaceSelector }) =>
            namespaceSelector === undefined && selects(podSelector, known.get(other)!),
        ),
    );
  }

  const isAllowed = (from: string, to: string, port: number) =>
    allows('egress', from, to, port) && allows('ingress', to, from, port);

  test('exists for every URL of a service', () => {
    const urls = pods(widest()).flatMap(({ metadata, spec }) =>
      spec.containers.flatMap(({ env = [] }) =>
        env.flatMap(({ value }) =>
          value?.includes('://')
            ? [[metadata.labels['app.kubernetes.io/name']!, new URL(value)] as const]
            : [],
        ),
      ),
    );
    expect(urls.length).toBeGreaterThan(8);
    for (const [from, url] of urls)
      expect([from, url.href, isAllowed(from, url.hostname, Number(url.port))]).toEqual([
        from,
        url.href,
        true,
      ]);
  });

  test('between two pods exists in docker compose too', () => {
    const ports = [8000, 3001, 3002, 3003];
    const names = Object.keys(compose.services).filter((name) => labels().has(name));
    const pairs = names
      .flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const))
      .filter(([from, to]) => ports.some((port) => allows('egress', from, to, port)));
    const sharesNetwork = ([from, to]: readonly [string, string]) =>
      compose.services[from]!.networks?.some((name) => compose.services[to]!.networks?.includes(name));
    expect(pairs.length).toBeGreaterThan(6);
    expect(pairs.filter((pair) => !sharesNetwork(pair))).toEqual([]);
  });

  test('to a database has the pods that docker compose connects with it', () => {
    const neighboursOf = (database: string) =>
      Object.keys(compose.services).filter(
        (name) =>
          labels().has(name) &&
          compose.services[name]!.networks?.some((network) =>
            compose.services[database]!.networks?.includes(network),
          ),
      );
    const reaching = (port: number) =>
      [...labels().keys()].filter(
        (name) =>
          Object.keys(compose.services).includes(name) &&
          policies().some(
            ({ spec }) =>
              selects(spec.podSelector, labels().get(name)!) &&
              spec.egress?.some(({ ports }) => ports?.some((each) => each.port === port)),
          ),
      );
    expect(reaching(27_017).toSorted()).toEqual(neighboursOf('mongo').toSorted());
    expect(reaching(5432).toSorted()).toEqual(neighboursOf('postgres').toSorted());
  });
});
