import { z } from 'zod';

const maxLength = 254;

/** An email address in lower case. The format allows only ASCII, so lower case is unambiguous. */
export const Email = z
  .string()
  .trim()
  .pipe(
    z
      .email('must be an email address')
      .max(maxLength, `must be at most ${maxLength} characters`)
      .toLowerCase(),
  )
  .meta({ format: 'email', maxLength });
