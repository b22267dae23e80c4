import type { Request, RequestHandler } from 'express';
import hpp from 'hpp';
import { z } from 'zod';
import { Problem, problems } from '../problems/problem.ts';

/** Keeps the last value of a repeated parameter in `req.query`, and all values in `req.queryPolluted`. */
export const setRepeatedParametersAside = (): RequestHandler[] => [keepQuery, hpp({ checkBody: false })];

// hpp changes the object that `req.query` returns. Express 5 would return a new one each time.
const keepQuery: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'query', { value: req.query, writable: true });
  next();
};

/** Throws `validation_failed` for a repeated parameter that `schema` declares, because its value is ambiguous. */
export function refuseRepeatedParameters(schema: z.ZodType, req: Request & { queryPolluted?: object }): void {
  const declared = schema instanceof z.ZodObject ? schema.shape : {};
  const errors = Object.keys(req.queryPolluted ?? {})
    .filter((name) => Object.hasOwn(declared, name))
    .map((name) => ({ path: `query.${name}`, message: 'must not be given more than once' }));
  if (errors.length > 0) throw new Problem(problems.validationFailed, { errors });
}
