import { expect, jest, test } from '@jest/globals';
import { createTextFolder, originOf } from './folded-text.ts';

/** A fake of notes_fold that records the texts it is called with. */
function fakeFold(fold: (text: string) => string = (text) => text.toLowerCase()) {
  const calls: string[] = [];
  const foldTexts = createTextFolder((text) => {
    calls.push(text);
    return Promise.resolve(fold(text));
  });
  return { calls, foldTexts };
}

test('clusters are folded once, whatever the texts are', async () => {
  const { calls, foldTexts } = fakeFold();
  expect((await foldTexts(['AB', 'BA'])).map(({ folded }) => folded)).toEqual(['ab', 'ba']);
  expect((await foldTexts(['ABBA'])).map(({ folded }) => folded)).toEqual(['abba']);
  expect(calls).toEqual(['A\u0002B']);
});

test('long clusters, and long folds, are not remembered', async () => {
  const { calls, foldTexts } = fakeFold((text) => text.replaceAll('ﷺ', 'x'.repeat(18)));
  const short = `A${'\u0301'.repeat(7)}`;
  const long = `A${'\u0301'.repeat(8)}`;
  for (let i = 0; i < 2; i++) {
    const [folded] = await foldTexts([`${short}${long}ﷺ`]);
    expect(folded?.folded).toBe(`${short}${long}${'x'.repeat(18)}`);
  }
  expect(calls).toEqual([`${short}\u0002${long}\u0002ﷺ`, `${long}\u0002ﷺ`]);
});

test.each([
  ['fewer', (text: string) => text.replace('\u0002', '')],
  ['more', (text: string) => `x\u0002${text}`],
])('%s folds than clusters are an error, and none is remembered', async (_what, wrong) => {
  let isWrong = true;
  const { foldTexts } = fakeFold((text) => (isWrong ? wrong(text) : text.toLowerCase()));
  await expect(foldTexts(['ABC'])).rejects.toThrow('parts');
  isWrong = false;
  expect((await foldTexts(['ABC']))[0]?.folded).toBe('abc');
});

test('a fold ends where the search index ends', async () => {
  const { foldTexts } = fakeFold((text) => text.replaceAll('ﷺ', 'x'.repeat(18)));
  const [text] = await foldTexts(['ﷺ'.repeat(20_000)]);
  expect(text?.folded).toHaveLength(199_998);
  expect(text && originOf(text, 199_980, 199_998)).toEqual([11_110, 11_111]);
});

test('other work can run between the texts', async () => {
  const { foldTexts } = fakeFold();
  // Each look at the clock finds that enough time has passed.
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 6));
  let [turns, isDone] = [0, false];
  const countTurns = () => {
    turns++;
    if (!isDone) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  await foldTexts(Array.from({ length: 30 }, () => 'a word '.repeat(1_430)));
  isDone = true;
  clock.mockRestore();
  expect(turns).toBeGreaterThanOrEqual(60);
});
