import { z } from 'zod';

/** The first and the last millisecond of the years 1 to 9999. */
const [first, last] = [-62_135_596_800_000, 253_402_300_799_999];

const Instant = z
  .string()
  // An unencoded `+` of an offset arrives as a space.
  .transform((given) => given.toUpperCase().replace(/ (?=\d\d:\d\d$)/, '+'))
  .pipe(
    z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'must be a date-time of RFC 3339, or a date',
    }),
  )
  .transform((given) => new Date(Math.min(Math.max(Date.parse(given), first), last)));

/** An optional query parameter: a date-time of RFC 3339, or the beginning of a date in UTC, as a Date in the years 1 to 9999. */
export const instant = (description: string) =>
  Instant.optional().meta({
    anyOf: [
      { type: 'string', format: 'date-time' },
      { type: 'string', format: 'date' },
    ],
    examples: ['2026-11-24T09:30:00Z'],
    description,
  });
