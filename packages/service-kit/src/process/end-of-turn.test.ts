import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { atEndOfTurn } from './end-of-turn.ts';

test('runs the tasks of a turn together, in their order, after everything else of the turn', async () => {
  const steps: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    atEndOfTurn(() => steps.push(name));
    await Promise.resolve();
    steps.push(`after ${name}`);
  }
  await turn();
  expect(steps).toEqual(['after a', 'after b', 'after c', 'a', 'b', 'c']);
});

test('runs a task that another one adds, in the turn after it', async () => {
  const steps: string[] = [];
  atEndOfTurn(() => {
    atEndOfTurn(() => steps.push('added'));
    steps.push('first');
  });
  atEndOfTurn(() => steps.push('second'));
  await turn();
  expect(steps).toEqual(['first', 'second']);
  await turn();
  expect(steps).toEqual(['first', 'second', 'added']);
});
