import { expect, test } from '@jest/globals';
import { createImport, type Candidate } from './import.service.ts';
import { LineFault } from './line-fault.ts';

async function* faults(): AsyncGenerator<Candidate> {
  for (let line = 1; ; line++) yield { line, fault: new LineFault('malformed_json', 'x') };
}

test('an import ends when the caller has disconnected, and writes nothing for failures', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const importInto = createImport({ writeLong: () => Promise.reject(new Error('must not write')) });
  await expect(importInto('a', faults(), { request: undefined, signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
