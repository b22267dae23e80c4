import { parse, type ParsedUrlQuery } from 'node:querystring';
import { Problem, problems } from '../problems/problem.ts';

const maxParameters = 1_000;

/** Parses a query string. Refuses more than 1,000 parameters, because the parser would drop the rest without a sign. */
export function parseQuery(given: string | null | undefined): ParsedUrlQuery {
  const query = given ?? '';
  if (query.split('&', maxParameters + 1).length > maxParameters) {
    const detail = `A query may have at most ${maxParameters.toLocaleString('en')} parameters.`;
    throw new Problem(problems.malformedRequest, { detail });
  }
  return parse(query);
}
