import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { freePort } from '@polyglot-notes/service-kit/testing';

const example = fileURLToPath(new URL('../examples/notes.ts', import.meta.url));

test('the example says what to do when nothing answers', async () => {
  const API_URL = `http://127.0.0.1:${await freePort()}`;
  const printed = await new Promise((resolve) => {
    execFile(process.execPath, [example], { env: { API_URL } }, (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    );
  });
  const stderr = `Nothing answers at ${API_URL}: run npm start first, or set API_URL to another gateway.\n`;
  expect(printed).toEqual({ code: 1, stdout: '', stderr });
});
