import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { measureRelevance } from '../relevance/relevance.ts';
import { fallenBelow, summarize, type Summary } from '../relevance/summary.ts';
import { startService, type Service } from '../service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('finds the notes that people want as well as recorded, in every language', async () => {
  const recorded = new URL('../relevance/recorded.json', import.meta.url);
  const outcomes = await measureRelevance(service);
  // `npm run relevance` prints the queries that fail.
  expect(
    fallenBelow(JSON.parse(await readFile(recorded, 'utf8')) as Summary, summarize(outcomes, 'language')),
  ).toEqual([]);
});
