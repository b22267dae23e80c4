import { z } from 'zod';

/** A regular expression for the API reference, in the syntax that all regular-expression languages share. */
const withoutNul = '^[^\\x00]*$';

const codePoints = (value: string) => Array.from(value).length;

// A code point is one or two UTF-16 units, so most texts need no counting.
const isAtMost = (value: string, max: number) =>
  value.length <= max || (value.length <= 2 * max && codePoints(value) <= max);
const isAtLeast = (value: string, min: number) =>
  value.length >= 2 * min || (value.length >= min && codePoints(value) >= min);

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
