import { parseEnv } from 'node:util';
import { randomSecret, secretNames } from './secrets.ts';

/** The text of an `.env` file with a random value for each secret that has none, and the names of these. */
export function fillIn(text: string): { text: string; filled: string[] } {
  // Without blanks at the ends of lines: after such an "empty" value parseEnv takes the next line for it.
  const given = parseEnv(text.replaceAll(/[ \t\r]+$/gm, ''));
  const filled = secretNames.filter((name) => !given[name]);
  let result = text;
  for (const name of filled) {
    const line = `${name}=${randomSecret(name)}`;
    const empty = new RegExp(`^${name}=[ \\t"']*\\r?$`, 'm');
    result = empty.test(result) ? result.replace(empty, line) : `${result.replace(/\n*$/, '\n')}${line}\n`;
  }
  return { text: result, filled };
}
