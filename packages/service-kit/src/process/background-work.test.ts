import { expect, test } from '@jest/globals';
import { backgroundWork } from './background-work.ts';
import { createLogger } from './logging.ts';

test('queued work runs one after another, fails alone, and is dropped while a thousand others wait', async () => {
  const lines: string[] = [];
  const background = backgroundWork(createLogger('test', 'info', { write: (line) => void lines.push(line) }));
  const { promise: first, resolve: endFirst } = Promise.withResolvers<void>();
  const done: number[] = [];
  background.queue('not done', async () => {
    await first;
    throw new Error('the first one fails');
  });
  // Lets the first one start, so that it no longer waits.
  await Promise.resolve();
  await Promise.resolve();
  for (let i = 0; i < 1_001; i++) background.queue('not done', async () => void done.push(i));
  expect(done).toEqual([]);
  endFirst();
  await background.settled();
  expect(done).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  expect(lines.map((line) => JSON.parse(line)).map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'not done: too much work is queued'],
    ['error', 'not done'],
  ]);
});
