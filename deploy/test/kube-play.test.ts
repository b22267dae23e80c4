// Runs the gateway from its Kubernetes manifests with podman, which needs no cluster.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, freePort, until, type Client } from '@polyglot-notes/service-kit/testing';
import { parse } from 'yaml';
import { build, installTools, podsOf, type PodSpec } from '../kubernetes/test/kubectl.ts';
import { composeProject, root, type Compose } from './compose.ts';
import { noPrivileges, printPrivileges } from './privileges.ts';

const run = promisify(execFile);
const podman = async (...args: string[]) => (await run('podman', args)).stdout.trim();

// Without root, podman may be unable to set the limits of the manifests.
const info = spawnSync('podman', ['info', '--format', '{{.Host.CgroupControllers}}'], { encoding: 'utf8' });
const controllers: string[] = info.stdout?.match(/\w+/g) ?? [];
const canLimit = ['cpu', 'memory'].every((controller) => controllers.includes(controller));
if (!canLimit) console.warn('Skipped: there is no podman here that can limit processor and memory.');
const describeIf = canLimit ? describe : describe.skip;

const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

describeIf('the pod of the gateway', () => {
  const image = 'localhost/polyglot-notes/gateway';
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  let system: Compose;
  let folder: string;
  let file: string;
  /** The pod as the manifests describe it. */
  let spec: PodSpec;
  let isLoaded = false;
  let pod: string | undefined;
  let container: string;
  let client: Client;
  const pathOf = (probe: (typeof probes)[number]) => spec.containers[0]![probe]!.httpGet.path;

  beforeAll(async () => {
    system = composeProject('polyglot-notes-test-pod', ['docker-compose.yml']);
    folder = mkdtempSync(join(root, 'deploy/kubernetes/test/built-'));
    file = join(folder, 'pod.yaml');
    await installTools();
    const archive = join(folder, 'image.tar');
    await system.compose('build', 'gateway');
    await system.docker('save', '--output', archive, `${image}:${version}`);
    await podman('load', '--input', archive);
    isLoaded = true;

    const example = readFileSync(join(root, 'deploy/kubernetes/example/kustomization.yaml'), 'utf8');
    const [settings] = parse(example).configMapGenerator as [{ name: string; literals: string[] }];
    settings.literals.push('CORS_ORIGINS=https://app.example.com');
    const kustomization = {
      namePrefix: 'polyglot-notes-test-',
      resources: ['../../base'],
      images: [{ name: image, newTag: version }],
      configMapGenerator: [settings],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    const manifests = await build(folder);
    const configMap = manifests.find(({ kind }) => kind === 'ConfigMap');
    const gateway = manifests.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('gateway'),
    )!;
    spec = structuredClone(podsOf(gateway)!.spec);

    const hostPort = await freePort();
    const [played] = podsOf(gateway)!.spec.containers;
    // podman would run them with curl, which the image lacks. The test sends these requests itself.
    for (const probe of probes) delete played![probe];
    const published = { name: 'http', containerPort: 8000, hostPort, hostIP: '127.0.0.1' };
    played!.ports = [published];
    writeFileSync(file, [configMap, gateway].map((object) => JSON.stringify(object)).join('\n---\n'));

    const printed = await podman('kube', 'play', file);
    [pod = '', container = ''] = printed.match(/\b[0-9a-f]{64}\b/g) ?? [];
    client = createClient(`http://127.0.0.1:${hostPort}`);
    const start = () => client.call('GET', pathOf('startupProbe')).catch(() => undefined);
    await until(async () => (await start())?.status === 200);
  });
  afterAll(async () => {
    try {
      if (pod !== undefined) await podman('kube', 'down', file);
      // Fails if anything is left that uses it.
      if (isLoaded) await podman('rmi', `${image}:${version}`);
    } finally {
      await system.remove();
      rmSync(folder, { recursive: true });
    }
  });

  test.each(probes)('answers its %s', async (probe) => {
    expect((await client.call('GET', pathOf(probe))).status).toBe(200);
  });

  test('runs without privileges on read-only files', async () => {
    const printed = await podman('exec', container, 'node', '-e', printPrivileges);
    expect(JSON.parse(printed)).toEqual(noPrivileges);
  });

  test('has the settings of the ConfigMap', async () => {
    const { headers } = await client.call('GET', '/health/live', {
      headers: { Origin: 'https://app.example.com' },
    });
    expect(headers['access-control-allow-origin']).toBe('https://app.example.com');
  });

  test.each(['/api/auth/sessions', '/api/users/me', '/api/notes'])(
    'answers %s with a 503, because the service is not there',
    async (path) => {
      const { status, headers, body } = await client.call('GET', path);
      expect({ status, type: headers['content-type'], code: body.code }).toEqual({
        status: 503,
        type: expect.stringMatching(/^application\/problem\+json/),
        code: 'service_unavailable',
      });
    },
  );

  test('ends on SIGTERM within its grace period', async () => {
    // `kube down` of podman before 5.1 sends SIGKILL only.
    await podman('pod', 'stop', '--time', String(spec.terminationGracePeriodSeconds), pod!);
    expect(await podman('inspect', '--format', '{{.State.ExitCode}}', container)).toBe('0');
    expect(await podman('logs', container)).toContain('"reason":"SIGTERM"');
  });
});
