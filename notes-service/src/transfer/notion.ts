import { tagsOf, titleOf } from './foreign-fields.ts';
import { readTime } from './times.ts';

interface NotionPage {
  title?: string;
  content: string;
  tags?: string[];
  createdAt?: string;
  updatedAt?: string;
}

const heading = /^# (.+)\r?\n(?:\r?\n)?/;
const property = /^([A-Z][\w ]*): (.*?)\r?\n/;

/**
 * Reads a page that Notion exported as Markdown: the title as a heading, then lines of properties. Properties whose
 * meaning is not clear stay in the content.
 */
export function readNotionPage(text: string): NotionPage {
  const [head = '', title = ''] = heading.exec(text) ?? [];
  if (head === '' || titleOf(title) !== title) return { content: text };
  const page: NotionPage = { title, content: '' };
  const kept: string[] = [];
  let rest = text.slice(head.length);
  let hasProperties = false;
  for (let line = property.exec(rest); line !== null; line = property.exec(rest)) {
    const read = readProperty(line[1] ?? '', line[2] ?? '');
    if (read) Object.assign(page, read);
    else kept.push(line[0]);
    hasProperties = true;
    rest = rest.slice(line[0].length);
  }
  if (hasProperties && kept.length === 0) rest = rest.replace(/^\r?\n/, '');
  return { ...page, content: kept.join('') + rest };
}

function readProperty(name: string, value: string): Partial<NotionPage> | undefined {
  if (name === 'Tags') return { tags: tagsOf(`${value},`) };
  const time = readTime(value);
  if (time === undefined) return undefined;
  if (/^Created( time)?$/i.test(name)) return { createdAt: time };
  if (/^(Last edited( time)?|Updated)$/i.test(name)) return { updatedAt: time };
  return undefined;
}
