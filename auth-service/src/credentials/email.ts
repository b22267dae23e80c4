import { z } from 'zod';

/** An email address in lower case. The format allows only ASCII, so lower case is unambiguous. */
export const Email = z
  .string()
  .trim()
  .pipe(z.email('must be an email address').max(254, 'must be at most 254 characters').toLowerCase())
  .meta({ format: 'email' });
