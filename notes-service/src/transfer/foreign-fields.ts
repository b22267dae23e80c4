import { isVisible } from '@polyglot-notes/service-kit';
import { maxTags, maxTitle, Tag } from '../notes/notes.schemas.ts';
import type { FrontMatter } from './front-matter.ts';
import { readTime } from './times.ts';

interface ForeignFields {
  title?: string;
  tags?: string[];
  createdAt?: string;
  updatedAt?: string;
}

const createdNames = ['created', 'date created', 'created_at', 'createdat', 'date'];
const updatedNames = ['updated', 'modified', 'date modified', 'updated_at', 'updatedat', 'lastmod'];

/** The fields that other programs write, as far as their meaning is clear and a note can have them. Others are ignored. */
export function readForeignFields(fields: FrontMatter): ForeignFields {
  const lowerCase = new Map(Array.from(fields, ([name, value]) => [String(name).toLowerCase(), value]));
  const given = lowerCase.get('title');
  const title = typeof given === 'string' ? titleOf(given) : undefined;
  const tags = tagsOf(lowerCase.get('tags') ?? lowerCase.get('tag'));
  const createdAt = firstTime(createdNames, lowerCase);
  const updatedAt = firstTime(updatedNames, lowerCase);
  return {
    ...(title !== undefined && { title }),
    ...(tags.length > 0 && { tags }),
    ...(createdAt && { createdAt }),
    ...(updatedAt && { updatedAt }),
  };
}

const firstTime = (names: string[], fields: FrontMatter) =>
  names.map((name) => readTime(fields.get(name))).find((time) => time !== undefined);

/** A text as a title, cut to the length of one; undefined if it has no visible character. */
export function titleOf(text: string): string | undefined {
  const title = Array.from(text.replaceAll('\0', '').toWellFormed()).slice(0, maxTitle).join('');
  return isVisible(title) ? title : undefined;
}

/**
 * Tags are a list, or a string with commas or blanks between them. Each may begin with `#`. Those that a note cannot have are
 * left out.
 */
export function tagsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const separator = typeof value === 'string' && !value.includes(',') ? /\s+/ : ',';
  const tags = (typeof value === 'string' ? [value] : list)
    .flatMap((item) => item.split(separator))
    .map((tag) => Tag.safeParse(tag.trim().replace(/^#/, '')).data)
    .filter((tag) => tag !== undefined);
  return [...new Set(tags)].slice(0, maxTags);
}
