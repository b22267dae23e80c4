import { expect, test } from '@jest/globals';
import { Problem, problems } from '@polyglot-notes/service-kit';
import type { OwnerWrite, WriteAsOwner } from '../owners/owner-writes.ts';
import { createImport, type Candidate } from './import.service.ts';
import { LineFault } from './line-fault.ts';

async function* faults(): AsyncGenerator<Candidate> {
  for (let line = 1; ; line++) yield { line, fault: new LineFault('malformed_json', 'x') };
}

test('an import ends when the caller has disconnected, and writes nothing for failures', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const importInto = createImport({ writeLong: () => Promise.reject(new Error('must not write')) });
  await expect(
    importInto('a', faults(), { request: undefined, signal: stop.signal, showLife: () => {} }),
  ).rejects.toMatchObject({
    name: 'AbortError',
  });
});

async function* nothing(): AsyncGenerator<Candidate> {}

/** An import of nothing, whose first write fails. */
function importAfter(error: Error) {
  let attempts = 0;
  const writeLong: WriteAsOwner = async (_userId, work) => {
    if (attempts++ === 0) throw error;
    return work({} as OwnerWrite);
  };
  const { signal } = new AbortController();
  return createImport({ writeLong })('a', nothing(), { request: undefined, signal, showLife: () => {} });
}

test.each([
  new Problem(problems.serviceUnavailable),
  new Problem(problems.rateLimited),
  new Error('Raw query failed. Code: `55P03`. Message: `canceling statement due to lock timeout`'),
])('an import repeats a chunk that has waited too long for its turn: %s', async (error) => {
  expect((await importAfter(error)).body).toMatchObject({ imported: 0 });
});

test.each([new Problem(problems.tokenRevoked), new Error('Connection terminated')])(
  'an import repeats no chunk that may have been stored: %s',
  async (error) => {
    await expect(importAfter(error)).rejects.toBe(error);
  },
);
