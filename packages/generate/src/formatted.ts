import { readFileSync } from 'node:fs';
import { format } from 'oxfmt';
import type { GeneratedFile } from './generated-files.ts';

const options = JSON.parse(readFileSync(new URL('../../../.oxfmtrc.json', import.meta.url), 'utf8'));
const kinds = /\.(?:html|md|ya?ml|ts)$/;

/** The file as `npm run format` leaves it. */
export async function formatted(file: GeneratedFile): Promise<GeneratedFile> {
  if (
    !kinds.test(file.path) ||
    options.ignorePatterns.some((pattern: string) => file.path.startsWith(pattern))
  )
    return file;
  const { $schema: _schema, ignorePatterns: _ignored, ...style } = options;
  const { code, errors } = await format(file.path, file.text, style);
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]?.message}`);
  return { ...file, text: code };
}
