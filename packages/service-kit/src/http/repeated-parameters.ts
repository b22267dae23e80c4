import type { Request, Response } from 'express';
import hpp from 'hpp';
import { z } from 'zod';
import { Problem, problems } from '../problems/problem.ts';

const setAside = hpp({ checkBody: false });

/** Keeps the last value of a repeated parameter in `req.query`, and all values in `req.queryPolluted`. */
export function setRepeatedParametersAside(req: Request, res: Response): void {
  if (!req.url.includes('?')) return;
  const { query } = req;
  // hpp changes the object that `req.query` returns. Express 5 would return a new one each time.
  Object.defineProperty(req, 'query', { value: query, writable: true });
  if (Object.values(query).some((value) => Array.isArray(value))) setAside(req, res, () => {});
}

/**
 * Throws `validation_failed` for a parameter that `schema` declares and that is repeated, or written as an array or object
 * (`tags[]`, `tags[0]`). Its value is ambiguous.
 */
export function refuseAmbiguousParameters(
  schema: z.ZodType,
  { query, queryPolluted = {} }: Request & { queryPolluted?: object },
): void {
  const names = new Set([...Object.keys(queryPolluted), ...Object.keys(query).map(withoutBrackets)]);
  names.delete('');
  if (names.size === 0) return;
  const declared: Record<string, z.ZodType> = schema instanceof z.ZodObject ? schema.shape : {};
  const errors = Object.entries(declared)
    .filter(([name]) => names.has(name))
    .map(([name, field]) => ({
      path: `query.${name}`,
      message: `must be given once: write ${name}=${exampleOf(field)}`,
    }));
  if (errors.length > 0) throw new Problem(problems.validationFailed, { errors });
}

/** The name before the first bracket; nothing for a name without brackets. */
const withoutBrackets = (name: string) => name.slice(0, Math.max(0, name.indexOf('[')));

const exampleOf = (field: z.ZodType) =>
  z.tuple([z.coerce.string()]).rest(z.unknown()).catch(['…']).parse(field.meta()?.examples)[0];
