/** The `code` of an error of Node or a database driver, such as `ECONNREFUSED`; undefined when it has none. */
export function errorCode(error: unknown): unknown {
  return Error.isError(error) && 'code' in error ? error.code : undefined;
}

/** The message of a caught value, whether or not it is an error. */
export const errorMessage = (caught: unknown): string =>
  Error.isError(caught) ? caught.message : String(caught);
