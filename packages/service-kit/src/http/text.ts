import { z } from 'zod';

/** A regular expression for the API reference, in the syntax that all regular-expression languages share. */
const withoutNul = '^[^\\x00]*$';

const codePoints = (value: string) => Array.from(value).length;

// A code point is one or two UTF-16 units, so most texts need no counting.
const isAtMost = (value: string, max: number) =>
  value.length <= max || (value.length <= 2 * max && codePoints(value) <= max);
const isAtLeast = (value: string, min: number) =>
  value.length >= 2 * min || (value.length >= min && codePoints(value) >= min);

/**
 * Blanks, control and format characters, variation selectors, fillers and the empty Braille pattern, as part of a character
 * class in any regular-expression language.
 */
export const invisibleCharacters =
  '\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f' +
  '\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb';
/** A regular expression for the API reference: a text without NUL, of which a reader sees at least one character. */
export const visiblePattern = `^[^\\x00]*[^${invisibleCharacters}][^\\x00]*$`;
const rarelyUsed =
  '\\u{13430}-\\u{13442}\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';
const visible = new RegExp(`[^${invisibleCharacters}${rarelyUsed}]`, 'u');

/** Whether a reader sees anything of the text: not only blanks, zero-width, format, control or filler characters. */
export const isVisible = (value: string): boolean => visible.test(value);

/** A schema for `min` to `max` code points, without NUL (PostgreSQL) and lone surrogates (UTF-8). */
export function text({ min = 0, max }: { min?: number; max: number }) {
  return z
    .string()
    .refine((value) => !value.includes('\0'), { error: 'must not contain NUL characters', abort: true })
    .refine((value) => value.isWellFormed(), { error: 'must be well-formed Unicode', abort: true })
    .refine(
      (value) => isAtLeast(value, min),
      min === 1 ? 'must not be empty' : `must be at least ${min} characters`,
    )
    .refine((value) => isAtMost(value, max), `must be at most ${max} characters`)
    .meta({ ...(min > 0 && { minLength: min }), maxLength: max, pattern: withoutNul });
}

/** A schema for 1 to `max` code points as in `text`, of which a reader sees at least one. */
export const visibleText = ({ max }: { max: number }) =>
  text({ max })
    .refine(isVisible, 'must contain a visible character')
    .meta({ minLength: 1, maxLength: max, pattern: visiblePattern });
