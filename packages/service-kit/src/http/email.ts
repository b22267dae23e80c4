import { z } from 'zod';
import { emailPattern, maxEmailLength } from './email-pattern.ts';

/** An email address in lower case. The format allows only ASCII, so lower case is unambiguous. */
export const Email = z
  .string()
  .trim()
  .refine((value) => value.length <= maxEmailLength, {
    error: `must be at most ${maxEmailLength} characters`,
    abort: true,
  })
  .regex(emailPattern, 'must be an email address in ASCII, with an international domain in punycode (xn--…)')
  .toLowerCase()
  .meta({ format: 'email', maxLength: maxEmailLength });
