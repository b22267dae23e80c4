import { isVisible } from '@polyglot-notes/service-kit';
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

/** The fields that other programs write, as far as their meaning is clear. All others are ignored. */
export function readForeignFields(fields: FrontMatter): ForeignFields {
  const lowerCase = new Map(Array.from(fields, ([name, value]) => [String(name).toLowerCase(), value]));
  const title = lowerCase.get('title');
  const tags = tagsOf(lowerCase.get('tags') ?? lowerCase.get('tag'));
  const createdAt = firstTime(createdNames, lowerCase);
  const updatedAt = firstTime(updatedNames, lowerCase);
  return {
    ...(typeof title === 'string' && title !== '' && { title }),
    ...(tags.length > 0 && { tags }),
    ...(createdAt && { createdAt }),
    ...(updatedAt && { updatedAt }),
  };
}

const firstTime = (names: string[], fields: FrontMatter) =>
  names.map((name) => readTime(fields.get(name))).find((time) => time !== undefined);

/** Tags are a list, or a string with commas or blanks between them. Each may begin with `#`. */
export function tagsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const separator = typeof value === 'string' && !value.includes(',') ? /\s+/ : ',';
  return (typeof value === 'string' ? [value] : list)
    .flatMap((item) => item.split(separator))
    .map((tag) => tag.trim().replace(/^#/, ''))
    .filter(isVisible);
}
