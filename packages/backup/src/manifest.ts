import { StartError, version } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const format = 1;

const StoredTable = z.object({
  /** Also the name of its file, without the extension. */
  name: z.string().regex(/^\w[\w.-]*$/),
  /** Of a PostgreSQL table, in the order of the file. */
  columns: z.array(z.string()).optional(),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const StoredDatabase = z.object({
  kind: z.enum(['postgresql', 'mongodb']),
  begunAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  migrations: z.array(z.string()).min(1),
  tables: z.array(StoredTable),
});

const Manifest = z.object({
  format: z.literal(format),
  /** The version of the project that made the backup. */
  version: z.string(),
  begunAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  databases: z.record(z.string().regex(/^\w+$/), StoredDatabase),
});

export type StoredTable = z.output<typeof StoredTable>;
export type StoredDatabase = z.output<typeof StoredDatabase>;
export type Manifest = z.output<typeof Manifest>;

export const manifestText = (content: Omit<Manifest, 'format' | 'version'>): string =>
  `${JSON.stringify(Manifest.parse({ format, version, ...content }), undefined, 2)}\n`;

/** Throws a StartError for a manifest that this version does not know. */
export function parseManifest(text: string): Manifest {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new StartError('The manifest of the backup is not JSON: the backup is damaged.', { cause });
  }
  const found = z.object({ format: z.int(), version: z.string() }).safeParse(content);
  if (found.success && found.data.format !== format) {
    // Between two releases, the version stays the same.
    const maker = found.data.version === version ? '' : `, version ${found.data.version}`;
    throw new StartError(
      `The backup has the format ${found.data.format}, this code reads ${format}: restore it with the code that made it${maker}.`,
    );
  }
  const manifest = Manifest.safeParse(content);
  if (!manifest.success)
    throw new StartError(`The manifest of the backup is not valid: ${z.prettifyError(manifest.error)}`);
  return manifest.data;
}

/** Throws a StartError when `applied` are not the first of the known migrations, or none. */
export function checkMigrations(owner: string, applied: readonly string[], known: readonly string[]): void {
  if (applied.length === 0) throw new StartError(`${owner} has no migrations.`);
  const unknown = applied.filter((name, index) => known[index] !== name);
  if (unknown.length === 0) return;
  throw new StartError(
    `${owner} has migrations that version ${version} does not have: ${unknown.join(', ')}. Use the version that applied them.`,
  );
}
