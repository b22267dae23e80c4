// What is caught may be anything, and under Jest even Node's own errors are no instances of Error.

/** The code of a caught error, such as ENOENT; undefined when it has none. */
export function codeOf(caught: unknown): string | undefined {
  return typeof caught === 'object' && caught && 'code' in caught ? String(caught.code) : undefined;
}

/** The message of a caught error. */
export function messageOf(caught: unknown): string {
  return typeof caught === 'object' && caught && 'message' in caught
    ? String(caught.message)
    : String(caught);
}
