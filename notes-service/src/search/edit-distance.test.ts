import { describe, expect, test } from '@jest/globals';
import { editDistance } from './edit-distance.ts';

describe('the edit distance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['meeting', 'meeting', 0],
    ['qarterly', 'quarterly', 1],
    ['quarrterly', 'quarterly', 1],
    ['quarterlz', 'quarterly', 1],
    ['qaurterly', 'quarterly', 1],
    ['quarterl', 'quarterly', 1],
    ['uqartelry', 'quarterly', 2],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
    ['meeting', 'kitchen', 7],
    ['сабака', 'собака', 1],
    ['𐐨𐐩𐐪', '𐐨𐐪𐐩', 1],
    ['𐐨', '𐐩', 1],
  ])('of %j and %j is %i', (text, other, distance) => {
    expect(editDistance(text, other)).toBe(distance);
    expect(editDistance(other, text)).toBe(distance);
  });

  test.each([
    ['qartr', 'quarterly', 2],
    ['quart', 'quarterly', 0],
    ['qart', 'quarterly', 1],
    ['quar', 'q', 3],
    ['', 'quarterly', 0],
  ])('of %j to a beginning of %j is %i', (text, other, distance) => {
    expect(editDistance(text, other, { isBeginning: true })).toBe(distance);
  });
});
