import { describe, expect, test } from '@jest/globals';
import { createFrontMatterBudget } from './front-matter-budget.ts';
import { LineFault } from './line-fault.ts';

const textWith = (length: number) => `---\n${'a'.repeat(length)}\n---\ntext`;

describe('the budget of front matter', () => {
  test('counts the square of each length, and text without front matter as nothing', () => {
    const check = createFrontMatterBudget(250);
    check(textWith(10));
    check(textWith(10));
    expect(() => check(textWith(10))).toThrow(expect.objectContaining({ code: 'too_large' }));
    check(textWith(7));
    check('text '.repeat(100));
    expect(() => check(textWith(2))).toThrow(LineFault);
  });
});
