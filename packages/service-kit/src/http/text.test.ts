import { describe, expect, test } from '@jest/globals';
import { isVisible, text } from './text.ts';

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

describe('isVisible', () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \t\n\u00a0\u2003\u3000'],
    ['zero-width characters', '\u200b\u200c\u200d\ufeff\u2060'],
    ['marks of direction', '\u200e\u202e\u2066'],
    ['a soft hyphen', '\u00ad'],
    ['control characters', '\u0007\u001b\u007f\u0085'],
    ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
    ['the empty Braille pattern', '\u2800'],
    ['variation selectors', '\ufe0f\u{e0100}\u180b'],
    ['tag characters', '\u{e0041}\u{e007f}'],
    ['marks of annotations', '\ufff9\ufffb'],
    ['Khmer inherent vowels', '\u17b4\u17b5'],
    ['musical format characters and an empty note', '\u{1d173}\u{1d159}'],
    ['blank hieroglyphs', '\u{13441}\u{13430}'],
  ])('is false for %s', (_what, value) => {
    expect(isVisible(value)).toBe(false);
  });

  test('is false for every blank, control and ignorable character of Unicode', () => {
    const all = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).join('');
    const wrong = all.match(/[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu)?.filter(isVisible);
    expect(wrong).toEqual([]);
  });

  test.each(['a', '.', '\u200b?', '😀', '❤\ufe0f', '\u0301', '한', '\u06dd', '\u{10ffff}'])(
    'is true for %j',
    (value) => {
      expect(isVisible(value)).toBe(true);
    },
  );
});
