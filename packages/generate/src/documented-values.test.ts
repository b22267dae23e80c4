import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ZodType } from 'zod';
import { Settings as AuthSettings } from '../../../auth-service/src/config.ts';
import { Settings as GatewaySettings } from '../../../gateway/src/config.ts';
import { Settings as NotesSettings } from '../../../notes-service/src/config.ts';
import { Settings as UserSettings } from '../../../user-service/src/config.ts';

const root = join(import.meta.dirname, '../../..');
const schemas: Record<string, ZodType>[] = [GatewaySettings, AuthSettings, UserSettings, NotesSettings].map(
  ({ shape }) => shape,
);

const files: string[] = [];
const patterns = ['*.md', '{docs,deploy}/**/*.md', '{gateway,*-service}/*.md'];
for await (const file of glob(patterns, { cwd: root, exclude: ['**/node_modules'] })) files.push(file);
const values = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\b([A-Z][A-Z_]+)=(\d+)\b/g)].flatMap(
    ([, name = '', value = '']) => {
      const field = schemas.find((schema) => name in schema)?.[name];
      return field === undefined ? [] : [{ file, name, value, field }];
    },
  ),
);

test.each(values)('$name=$value, which $file recommends, is a valid setting', ({ value, field }) => {
  expect(field.safeParse(value).error).toBeUndefined();
});
