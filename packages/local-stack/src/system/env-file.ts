import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';

const assignment = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=/;

/** The names in the text of an `.env` file, commented out or not; for `.env.example`, all settings. */
export const settingNames = (text: string): string[] =>
  [...text.matchAll(/^#?([A-Z_]+)=/gm)].flatMap(([, name]) => name ?? []);

/** The variables in a `.env` file; none if there is no such file. Throws a StartError that names the first bad line. */
export function readEnvFile(path: string): Record<string, string | undefined> {
  if (!existsSync(path)) return {};
  const content = readFileSync(path, 'utf8');
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const isBlank = /^\s*(?:#|$)/.test(line);
    if (!isBlank && !assignment.test(line)) {
      throw new StartError(
        `${path}, line ${index + 1} is not of the form NAME=value: correct it or put a # before it.`,
      );
    }
  }
  return parseEnv(content);
}
