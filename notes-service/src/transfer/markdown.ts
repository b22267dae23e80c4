import { z } from 'zod';
import type { exampleNote } from '../notes/notes.schemas.ts';
import { readForeignFields, titleOf } from './foreign-fields.ts';
import { splitFrontMatter, withFrontMatter, type FrontMatter } from './front-matter.ts';
import { readNotionPage } from './notion.ts';

type ExportedNote = Omit<typeof exampleNote, 'deletedAt'>;

/** A note as a Markdown file with YAML front matter. */
export const writeMarkdown = ({ content, ...note }: ExportedNote): string =>
  withFrontMatter(
    {
      title: note.title,
      tags: note.tags,
      pinned: note.pinned,
      archived: note.archived,
      version: note.version,
      id: note.id,
      createdAt: note.createdAt,
      updatedAt: note.updatedAt,
    },
    content,
  );

/** A file of an import: its name without folders, and when it was changed last. */
export interface FileDetails {
  name: string;
  modifiedAt: Date | undefined;
}

/** Reads a Markdown file of this service, Obsidian, Joplin or Notion. The result is for `ImportNote` to check. */
export function readMarkdown(text: string, { name, modifiedAt }: FileDetails): object {
  const { fields, content } = splitFrontMatter(text);
  if (fields !== undefined && isOwn(fields)) return { ...readOwnFields(fields), content };
  const baseName = name.replace(/\.\w+$/, '').normalize('NFC');
  const notionName = /^(.*?) ?[0-9a-f]{32}$/s.exec(baseName)?.[1];
  const page = fields === undefined && notionName !== undefined ? readNotionPage(content) : undefined;
  const title = titleOf(notionName ?? baseName);
  const fileTime = modifiedAt?.toISOString();
  const note = {
    ...(title !== undefined && { title }),
    content,
    ...(fields && readForeignFields(fields)),
    ...page,
  };
  const { createdAt = note.updatedAt ?? fileTime, updatedAt = note.createdAt ?? fileTime } = note;
  return { ...note, ...(createdAt && { createdAt }), ...(updatedAt && { updatedAt }) };
}

const isOwn = (fields: FrontMatter) =>
  z.uuid().safeParse(fields.get('id')).success && fields.has('createdAt') && fields.has('updatedAt');

const ownNames = ['title', 'tags', 'pinned', 'archived', 'version', 'id', 'createdAt', 'updatedAt'];
const flags = new Map<unknown, unknown>([
  ['true', true],
  ['false', false],
]);

const readOwnFields = (fields: FrontMatter) =>
  Object.fromEntries(
    ownNames.filter((name) => fields.has(name)).map((name) => [name, readOwnField(name, fields.get(name))]),
  );

function readOwnField(name: string, value: unknown): unknown {
  if (name === 'version') return Number(value);
  return name === 'pinned' || name === 'archived' ? (flags.get(value) ?? value) : value;
}
