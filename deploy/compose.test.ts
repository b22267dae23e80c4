// Checks without containers that docker-compose.yml gives every service the settings that it needs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { backupEnv, databaseEnv } from '@polyglot-notes/backup';
import { settingNames } from '@polyglot-notes/local-stack';
import { readEnv } from '@polyglot-notes/service-kit';
import { parse } from 'yaml';
import { z } from 'zod';
import * as auth from '../auth-service/src/config.ts';
import * as gateway from '../gateway/src/config.ts';
import * as notes from '../notes-service/src/config.ts';
import * as user from '../user-service/src/config.ts';
import { fillIn } from './env/fill-in.ts';
import { secretNames } from './env/secrets.ts';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  networks?: string[];
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  deploy?: { resources?: { limits?: { memory?: string; pids?: number } } };
}

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const raw = read('docker-compose.yml');
const all =
  raw +
  read('docker-compose.replicas.yml') +
  read('docker-compose.public.yml') +
  read('docker-compose.database-users.yml') +
  read('docker-compose.secrets.yml') +
  read('docker-compose.dev.yml');
const example = read('.env.example');
const variables = parseEnv(fillIn(example).text);

/** Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, the innermost first, as compose does. */
function interpolate(text: string, given: Record<string, string | undefined>): string {
  const filled = text.replaceAll(/\$\{(\w+)(?::([-?])([^${}]*))?\}/g, (_all, name, operator, rest) => {
    const value = given[name];
    if (!value && operator === '?') throw new Error(`${name}: ${rest}`);
    return value || (operator === '-' ? rest : '');
  });
  return filled === text ? text : interpolate(filled, given);
}

const servicesWith = (more: Record<string, string>) => {
  const file: { services: Record<string, Service> } = parse(interpolate(raw, { ...variables, ...more }), {
    merge: true,
  });
  return file.services;
};
const services = servicesWith({});
// The tag !override is only for compose.
const replicas: { services: { valkey: Service } } = parse(read('docker-compose.replicas.yml'), {
  merge: true,
  logLevel: 'error',
});
const observability: { services: Record<string, Service> } = parse(read('docker-compose.observability.yml'));
const configs = { gateway, 'auth-service': auth, 'user-service': user, 'notes-service': notes };
const names = Object.keys(configs) as (keyof typeof configs)[];

test.each(names)('%s gets all required settings', (name) => {
  expect(() => configs[name].readConfig(services[name]?.environment)).not.toThrow();
});

test.each(names)('%s reads the same settings from files', (name) => {
  const previous = Buffer.alloc(32, 1).toString('base64');
  const environment = { ...services[name]?.environment, KEY_ENCRYPTION_KEY_PREVIOUS: previous };
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const files = Object.entries(environment).flatMap(([variable, value]) => {
    const path = join(folder, variable);
    if (value) writeFileSync(path, `${value}\n`);
    return value ? [[`${variable}_FILE`, path]] : [];
  });
  const config = JSON.stringify(configs[name].readConfig(Object.fromEntries(files)));
  expect(config).toBe(JSON.stringify(configs[name].readConfig(environment)));
  rmSync(folder, { recursive: true });
});

test.each(names)('%s gets no variable that it does not know', (name) => {
  const known = Object.keys(configs[name].Settings.shape);
  expect(known).toEqual(expect.arrayContaining(Object.keys(services[name]?.environment ?? {})));
});

test('.env.example names every variable that compose reads', () => {
  const asked = new Set([...all.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? ''));
  // Compose sets COMPOSE_PROJECT_NAME itself.
  const named = new Set(['COMPOSE_PROJECT_NAME', ...settingNames(example)]);
  expect([...asked].filter((name) => !named.has(name))).toEqual([]);
});

test('compose reads every variable of .env.example that is not for npm start alone', () => {
  const [shared = ''] = example.split('# ---- npm start alone');
  expect(settingNames(shared).filter((name) => !all.includes(`\${${name}`))).toEqual([]);
});

test('the backup gets the settings that it needs and no other', () => {
  const { environment = {} } = services['backup'] ?? {};
  expect(() => readEnv(z.object({ ...databaseEnv, ...backupEnv }), environment)).not.toThrow();
  expect(Object.keys({ ...databaseEnv, ...backupEnv })).toEqual(
    expect.arrayContaining(Object.keys(environment)),
  );
});

test.each([...secretNames, 'ADMIN_EMAIL'])('nothing starts without %s', (name) => {
  expect(() => interpolate(raw, { ...variables, [name]: '' })).toThrow(`${name}: make .env first`);
});

test('check-env gets every secret', () => {
  expect(Object.keys(services['check-env']?.environment ?? {})).toEqual(
    expect.arrayContaining([...secretNames]),
  );
});

describe('network access', () => {
  const published = (of: typeof services) =>
    Object.entries(of).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));

  test('from this machine: the gateway and the mail page', () => {
    expect(published(services)).toEqual(['gateway 127.0.0.1:8000:8000', 'mail 127.0.0.1:1080:1080']);
  });

  test('from other machines: the gateway if BIND_ADDRESS allows it, never the mail page', () => {
    expect(published(servicesWith({ BIND_ADDRESS: '0.0.0.0', HOST: '0.0.0.0' }))).toEqual([
      'gateway 0.0.0.0:8000:8000',
      'mail 127.0.0.1:1080:1080',
    ]);
  });

  test('from this machine, never from others: Prometheus and Grafana', () => {
    expect(published(observability.services)).toEqual([
      'prometheus 127.0.0.1:9090:9090',
      'grafana 127.0.0.1:3000:3000',
    ]);
  });

  test('to the databases: from their own services alone', () => {
    const neighboursOf = (name: string) =>
      Object.keys(services).filter((other) =>
        services[other]?.networks?.some((network) => services[name]?.networks?.includes(network)),
      );
    expect(neighboursOf('mongo').toSorted()).toEqual([
      'auth-migrate',
      'auth-service',
      'backup',
      'mongo',
      'user-migrate',
      'user-service',
    ]);
    expect(neighboursOf('postgres').toSorted()).toEqual([
      'backup',
      'notes-database',
      'notes-migrate',
      'notes-service',
      'postgres',
    ]);
  });
});

test.each([...names, 'backup'])('%s has a read-only file system and no capabilities', (name) => {
  expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

test.each(Object.entries({ ...services, ...observability.services, valkey: replicas.services.valkey }))(
  '%s has a limit of memory and processes',
  (_name, { deploy }) => {
    expect(deploy?.resources?.limits).toMatchObject({
      memory: expect.stringMatching(/^\d+[MG]$/),
      pids: expect.any(Number),
    });
  },
);

test('the buffers of PostgreSQL and the memory of 40 connections fit into its limit', () => {
  const { command = [], deploy } = services['postgres'] ?? {};
  const megabytes = (text = '') => Number.parseInt(text, 10);
  const setting = (name: string) =>
    megabytes(command.find((part) => part.startsWith(`${name}=`))?.split('=')[1]);
  const needed = setting('shared_buffers') + 40 * setting('work_mem');
  expect(needed).toBeGreaterThan(0);
  expect(needed).toBeLessThan(megabytes(deploy?.resources?.limits?.memory));
  expect(setting('effective_cache_size')).toBeLessThan(megabytes(deploy?.resources?.limits?.memory));
});

test('no image of ours can be pulled from a registry, where it could be that of somebody else', () => {
  const built = Object.values(services).filter((service) => 'build' in service);
  expect(built.length).toBeGreaterThan(4);
  expect(built.filter(({ image }) => !image?.startsWith('localhost/'))).toEqual([]);
});
