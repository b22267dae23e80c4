import { parseEnv } from 'node:util';
import { generatedNames, randomSecret } from './secrets.ts';

/** Fills in a random value for each secret that an `.env` text lacks. Returns the text and the names of these secrets. */
export function fillIn(text: string): { text: string; filled: string[] } {
  // Without trailing blanks: after NAME= and a blank, parseEnv would read the next line as the value.
  const given = parseEnv(text.replaceAll(/[ \t\r]+$/gm, ''));
  const filled = generatedNames.filter((name) => !given[name]);
  let result = text;
  for (const name of filled) {
    const line = `${name}=${randomSecret(name)}`;
    const empty = new RegExp(`^${name}=[ \\t"']*\\r?$`, 'm');
    result = empty.test(result) ? result.replace(empty, line) : `${result.replace(/\n*$/, '\n')}${line}\n`;
  }
  return { text: result, filled };
}
