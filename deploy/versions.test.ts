import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openApiDocument } from '@polyglot-notes/service-kit';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Manifest {
  name: string;
  version: string;
  workspaces: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
const manifest = (path: string) => JSON.parse(read(join(path, 'package.json'))) as Manifest;

const { version, workspaces } = manifest('.');
const folders = workspaces.flatMap((pattern) =>
  pattern.endsWith('/*')
    ? readdirSync(join(root, pattern.slice(0, -2))).map((name) => join(pattern.slice(0, -2), name))
    : [pattern],
);

test('every workspace has the version of the repository, and needs that of the others', () => {
  const all = folders.map(manifest);
  const needed = all.flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
      name.startsWith('@polyglot-notes/'),
    ),
  );
  expect(all.length).toBeGreaterThan(10);
  expect(needed.length).toBeGreaterThan(10);
  expect(all.filter((each) => each.version !== version).map(({ name }) => name)).toEqual([]);
  expect(needed.filter(([, wanted]) => wanted !== version)).toEqual([]);
});

test('the API documents and the newest entry of the changelog have it', () => {
  const { info } = JSON.parse(read('packages/client/openapi.json')) as { info: { version: string } };
  const [, newest] = /^## \[(\d[^\]]*)\]/m.exec(read('CHANGELOG.md')) ?? [];
  expect({ info: info.version, newest }).toEqual({ info: version, newest: version });
  const ofService = openApiDocument({ title: 'a service', routes: [], throughGateway: true });
  expect(ofService['info']).toEqual({ title: 'a service', version });
});

test('the images have it', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, { image?: string; build?: { args: { VERSION?: string } } }>;
  };
  const own = Object.values(compose.services).filter(({ image }) =>
    image?.startsWith('localhost/polyglot-notes/'),
  );
  expect(own.length).toBeGreaterThan(4);
  expect(own.map(({ image }) => image!.split(':')[1])).toEqual(own.map(() => version));
  expect(own.map(({ build }) => build?.args.VERSION)).toEqual(own.map(() => version));
  const { images } = parse(read('deploy/kubernetes/example/kustomization.yaml')) as {
    images: { newTag: string }[];
  };
  expect(images.map(({ newTag }) => newTag)).toEqual(images.map(() => version));
});
