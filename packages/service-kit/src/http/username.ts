import { z } from 'zod';

/** A username as it was typed: 3 to 30 characters, at least one of them a letter or a digit. */
export const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, {
    error: 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"',
    abort: true,
  })
  .regex(/[A-Za-z0-9]/, 'must have a letter or a digit');
