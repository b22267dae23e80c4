import { describe, expect, test } from '@jest/globals';
import { text } from './text.ts';

const accepts = (schema: ReturnType<typeof text>, value: unknown) => schema.safeParse(value).success;

describe('text', () => {
  test('refuses NUL characters and lone surrogates', () => {
    expect(accepts(text({ max: 10 }), 'a\0b')).toBe(false);
    expect(accepts(text({ max: 10 }), 'a\ud800b')).toBe(false);
  });

  test('counts code points, not UTF-16 units', () => {
    expect(accepts(text({ max: 3 }), '😀😀😀')).toBe(true);
    expect(accepts(text({ max: 3 }), '😀😀😀😀')).toBe(false);
    expect(accepts(text({ max: 3 }), 'abcd')).toBe(false);
    expect(accepts(text({ min: 2, max: 9 }), '😀')).toBe(false);
    expect(accepts(text({ min: 2, max: 9 }), '😀😀')).toBe(true);
  });

  test('keeps whitespace', () => {
    expect(text({ max: 10 }).parse('  a ')).toBe('  a ');
  });
});
