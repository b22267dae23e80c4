import { errorCode } from '@polyglot-notes/service-kit';

/** An option of the command line that a measurement does not have, or that is no number. */
export class OptionError extends Error {}

export const isOptionError = (error: unknown): error is Error =>
  error instanceof OptionError || String(errorCode(error)).startsWith('ERR_PARSE_ARGS');
