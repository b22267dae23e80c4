import { isMap, Lexer, parseDocument, stringify } from 'yaml';
import { LineFault } from './line-fault.ts';

// What this service writes is shorter. The time that a hostile text takes to parse grows with the square of its length.
export const maxFrontMatter = 8_192;
// yaml calls itself for each level. On a stack that is nearly full, V8 may end the process rather than throw.
const maxDepth = 32;

const block = /^---[ \t]*\r?\n(?:([^]*?)\r?\n)??---[ \t]*(?:\r?\n|$)/;

export type FrontMatter = ReadonlyMap<unknown, unknown>;

/** Writes a text with its front matter. A blank line separates them. */
export const withFrontMatter = (fields: object, content: string): string =>
  `---\n${stringify(fields, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 })}---\n\n${content}`;

/** The length of the YAML that `splitFrontMatter` would parse. */
export const frontMatterLength = (text: string): number => block.exec(text)?.[1]?.length ?? 0;

/**
 * Splits a text into its front matter and the content after it and a blank line. A text that begins with a line of dashes
 * but without YAML fields is all content. All values are strings, lists, maps or null. Throws a LineFault if the YAML is
 * not valid.
 */
export function splitFrontMatter(text: string): { fields: FrontMatter | undefined; content: string } {
  const [head, yaml = ''] = block.exec(text) ?? [];
  if (head === undefined) return { fields: undefined, content: text };
  const fields = parseFields(yaml);
  if (fields === undefined) return { fields, content: text };
  return { fields, content: text.slice(head.length).replace(/^\r?\n/, '') };
}

function parseFields(yaml: string): FrontMatter | undefined {
  if (yaml.length > maxFrontMatter) throw invalid(`is longer than ${maxFrontMatter} characters`);
  if (isDeep(yaml)) throw invalid(`has more than ${maxDepth} levels`);
  try {
    const document = parseDocument(yaml, {
      schema: 'failsafe',
      customTags: ['null'],
      logLevel: 'silent',
      prettyErrors: false,
    });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    if (document.contents === null) return new Map();
    return isMap(document.contents)
      ? (document.toJS({ mapAsMap: true, maxAliasCount: 0 }) as FrontMatter)
      : undefined;
  } catch (error) {
    throw invalid(`is not valid YAML: ${Error.isError(error) ? error.message : String(error)}`);
  }
}

/** Whether brackets, or the lists and keys in a line, are nested in more levels than any note needs. */
function isDeep(yaml: string): boolean {
  let brackets = 0;
  let inLine = 0;
  for (const token of new Lexer().lex(yaml)) {
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
    else if (token === '\n' || token === '\r\n') inLine = 0;
    else if (brackets === 0 && (token === '-' || token === '?' || token === ':')) inLine++;
    if (brackets + inLine > maxDepth) return true;
  }
  return false;
}

const invalid = (reason: string) => new LineFault('invalid_front_matter', `The front matter ${reason}`);
