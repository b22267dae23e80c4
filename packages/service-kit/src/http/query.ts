import { parse, type ParsedUrlQuery } from 'node:querystring';
import { Problem, problems } from '../problems/problem.ts';

const maxParameters = 1_000;

// UTF-8 has no surrogates. Text that may not contain NUL may not contain them either, and a search drops both.
const loneSurrogate = /%ED%[AB][\dA-F]%[89AB][\dA-F]/gi;

/**
 * Parses a query string. A `%` without two digits after it is a `%`, as in `?search=100%`, and bytes that are not UTF-8 become
 * U+FFFD (WHATWG URL, sections 1.3 and 5.1). Refuses more than 1,000 parameters, because the parser would drop the rest without a
 * sign.
 */
export function parseQuery(given: string | null | undefined): ParsedUrlQuery {
  const query = given ?? '';
  if (query.split('&', maxParameters + 1).length > maxParameters) {
    const detail = `A query may have at most ${maxParameters.toLocaleString('en')} parameters.`;
    throw new Problem(problems.malformedRequest, { detail });
  }
  return parse(query.replaceAll(loneSurrogate, '%00'));
}
