import { flag, isVisible } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Content, maxTags, Tags, Title } from '../notes/notes.schemas.ts';
import { beginOfYear1, endOfYear9999 } from '../notes/times.ts';
import { faultCodes, LineFault } from './line-fault.ts';

// Leaves room for later changes below the largest integer of the database.
const maxVersion = 1_000_000_000;

const Time = z.iso
  .datetime({ offset: true })
  .transform((time) => new Date(time))
  .refine(
    (date) => date.getTime() >= beginOfYear1 && date.getTime() <= endOfYear9999,
    'must be in the years 1 to 9999',
  );

/**
 * Of a line of NDJSON, for export and import. The longest content without earlier versions fits, even if each character is
 * escaped. The worst line takes about 60 MB to parse.
 */
export const lineLimits = { bytes: 2_097_152, versions: 1_000 };

/** An object without other members. Only the first of these is named, because there may be many. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = new Set(Object.keys(shape));
  return z.preprocess((value, context) => {
    const isObject = typeof value === 'object' && !Array.isArray(value);
    for (const name in isObject ? value : {}) {
      if (known.has(name)) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'is not a known field' });
      return z.NEVER;
    }
    return value;
  }, z.object(shape));
}

// The number of elements is checked before the elements are.
const VersionTags = z.array(z.unknown()).max(maxTags, `must be at most ${maxTags} tags`).pipe(Tags);

/** An earlier version of a note. A text that is left out is that of the next newer version. */
const ImportVersion = strict({
  version: z.int().min(1).max(maxVersion),
  title: Title.optional(),
  content: Content.optional(),
  tags: VersionTags.optional(),
  pinned: z.boolean(),
  archived: z.boolean(),
  createdAt: Time,
});

/** One note of an import. Everything that an export writes is accepted; unknown fields are not. */
export const ImportNote = strict({
  id: z.uuid().toLowerCase().optional(),
  title: Title.optional(),
  content: Content.default(''),
  tags: Tags.default([]),
  pinned: z.boolean().default(false),
  archived: z.boolean().default(false),
  version: z.int().min(1).max(maxVersion).optional(),
  createdAt: Time.optional(),
  updatedAt: Time.optional(),
  deletedAt: z.null().optional(),
  versions: z
    .array(z.unknown())
    .max(lineLimits.versions, `must be at most ${lineLimits.versions} versions`)
    .pipe(z.array(ImportVersion))
    .default([]),
})
  .refine(
    ({ title, content }) => title !== undefined || isVisible(content),
    'must have a visible title or content',
  )
  .refine(hasOlderVersions, { path: ['versions'], error: 'must have different numbers below `version`' })
  .transform(({ title = 'Untitled', ...rest }) => ({ title, ...rest }));

export type ImportNote = z.output<typeof ImportNote>;

function hasOlderVersions({
  version = maxVersion,
  versions,
}: {
  version?: number | undefined;
  versions: { version: number }[];
}) {
  const numbers = new Set(versions.map((each) => each.version));
  return numbers.size === versions.length && versions.every((each) => each.version < version);
}

const maxNamed = 3;

/** Checks a note of an import. Throws a LineFault that names the first errors. */
export function checkNote(value: unknown): ImportNote {
  const result = ImportNote.safeParse(value);
  if (result.success) return result.data;
  const named = result.error.issues
    .slice(0, maxNamed)
    .map(({ path, message }) =>
      path.length === 0 ? message : `${path.map(String).join('.').slice(0, 100)}: ${message}`,
    );
  throw new LineFault('validation_failed', named.join('; '));
}

export const ExportQuery = z.object({
  format: z.enum(['ndjson', 'zip']).default('ndjson').meta({
    description: 'One note per line as JSON, or a Markdown file per note.',
  }),
  versions: flag
    .default('false')
    .meta({
      default: false,
      description:
        'Whether each line of NDJSON also has the newest earlier versions of the note, up to 1,000 and as many as fit into a line of 2 MiB. A zip never has them.',
    })
    .transform((value) => value === 'true'),
});

export const maxNamedFailures = 1_000;

export const ImportResult = z
  .object({
    imported: z.int().min(0),
    skipped: z.int().min(0).meta({ description: 'Notes that the user has already.' }),
    skippedInTrash: z.int().min(0).meta({
      description: 'Those of the skipped notes that the user has in the trash. Restore them there.',
    }),
    failedCount: z.int().min(0),
    failed: z
      .array(
        z.object({
          line: z
            .int()
            .min(1)
            .meta({ description: 'The number of the line, or of the entry of the archive.' }),
          name: z.string().optional().meta({ description: 'The name of the entry.' }),
          code: z.enum(faultCodes),
          message: z.string(),
        }),
      )
      .max(maxNamedFailures)
      .meta({ description: 'The first 1,000 failures.' }),
  })
  .meta({
    id: 'ImportResult',
    examples: [
      {
        imported: 2,
        skipped: 1,
        skippedInTrash: 0,
        failedCount: 1,
        failed: [{ line: 3, code: 'malformed_json', message: 'Unexpected end of JSON input' }],
      },
    ],
  });

export type ImportResult = z.output<typeof ImportResult>;
