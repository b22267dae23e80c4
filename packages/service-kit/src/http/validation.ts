import type { z } from 'zod';
import { Problem, problems, type FieldError } from '../problems/problem.ts';

// Limits the response to a hostile body, which may have an error in every byte.
const maxErrors = 50;

/** Parses one part of a request, such as `query` or `body`. Throws `validation_failed` with the paths of the first 50 errors. */
export function parsePart<Schema extends z.ZodType>(
  part: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, maxErrors).flatMap((issue) => fieldErrors(part, issue));
  throw new Problem(problems.validationFailed, { errors: errors.slice(0, maxErrors) });
}

function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const path = [part, ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, maxErrors).map((key) => ({
      path: `${path}.${key}`,
      message: 'is not a known field',
      code: 'unknown_field',
    }));
  }
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return [{ path, message: issue.message, ...(typeof code === 'string' && { code }) }];
}
