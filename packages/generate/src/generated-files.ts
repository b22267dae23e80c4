import { postmanCollection, story } from '@polyglot-notes/postman';
import type { OpenApiDocument } from '@polyglot-notes/service-kit';
import { apiDocument } from './api-document.ts';
import { clientTypes } from './client-types.ts';
import { composeChecks, composeEnvironment } from './compose-environment.ts';
import { endpointTable } from './endpoint-table.ts';
import { envLines } from './env-example.ts';
import { kubernetesEnvironment } from './kubernetes-environment.ts';
import { performanceTable } from './performance-table.ts';
import { problemsPage } from './problems-page.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { replaceRegion } from './region.ts';
import type { Service } from './services.ts';
import { sharedSettings } from './settings.ts';
import { configurationTable, settingsTable } from './settings-table.ts';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  path: string;
  text: string;
}

export interface Project {
  gateway: Service;
  services: readonly Service[];
  /** Reads a file of the repository, for the parts of it that are written by hand. */
  read: (path: string) => string;
}

/** All files that follow from the declared routes and settings and from the measurements, as they must be now. */
export async function generatedFiles({ gateway, services, read }: Project): Promise<GeneratedFile[]> {
  const document = apiDocument(gateway, services);
  const all = [...services, gateway];
  const shared = sharedSettings(all);
  const secrets = shared.filter(({ isSecret }) => isSecret);
  const required = secrets.filter(({ isRequired }) => isRequired);
  const operators = shared.filter(({ isSecret }) => !isSecret);
  const secretNames = required.map(({ name }) => `'${name}',`);

  /** A file of which only these regions are generated. */
  const withRegions = (path: string, regions: Record<string, string[]>): GeneratedFile => ({
    path,
    text: Object.entries(regions).reduce(
      (text, [name, lines]) => replaceRegion(text, name, lines),
      read(path),
    ),
  });

  return [
    { path: 'packages/client/openapi.json', text: asJson(document) },
    { path: 'packages/client/src/generated/api.ts', text: await clientTypes(document) },
    {
      path: 'postman/polyglot-notes.postman_collection.json',
      text: asJson(postmanCollection(document, story)),
    },
    withRegions('gateway/src/limits/limited-calls.ts', {
      'limited calls': callsWith(document, 'x-rate-limit').map(
        ({ method, path, value }) => `{ method: '${method}', path: '${path}', limit: '${value}' },`,
      ),
    }),
    withRegions('gateway/src/forwarding/long-calls.ts', {
      'long calls': callsWith(document, 'x-timeout').map(
        ({ method, path }) => `{ method: '${method}', path: '${path}' },`,
      ),
    }),
    {
      path: 'gateway/src/pages/files/problems.html',
      text: problemsPage(read('docs/operations/problems.md')),
    },
    withRegions('.env.example', { settings: envLines(operators), secrets: envLines(secrets) }),
    withRegions('docker-compose.yml', {
      ...Object.fromEntries(all.map(({ name, settings }) => [name, composeEnvironment(settings)])),
      secrets: composeChecks(required),
    }),
    ...all.map(({ name, settings }) =>
      withRegions(`deploy/kubernetes/base/${name}.yaml`, { [name]: kubernetesEnvironment(settings) }),
    ),
    {
      path: 'deploy/kubernetes/components/service-monitor/alerts.yaml',
      text: prometheusRule(read('deploy/observability/alerts.yml')),
    },
    withRegions('README.md', { performance: ['', ...performanceTable(read), ''] }),
    withRegions('docs/operations/configure.md', { settings: ['', ...configurationTable(all), ''] }),
    withRegions('deploy/env/secrets.ts', { secrets: secretNames }),
    withRegions('packages/local-stack/src/system/settings.ts', {
      'settings of the services': operators.map(({ name }) => `'${name}',`),
    }),
    ...all.map(({ name, routes, settings }) =>
      withRegions(`${name}/README.md`, {
        endpoints: ['', ...endpointTable(routes), ''],
        settings: ['', ...settingsTable(settings), ''],
      }),
    ),
  ];
}

const asJson = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** The calls whose operations have the extension `name`, such as `x-rate-limit`, with its value. */
const callsWith = ({ paths }: OpenApiDocument, name: string) =>
  Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { [name]: value }]) =>
        typeof value === 'string' ? [{ method: method.toUpperCase(), path, value }] : [],
      ),
    )
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
