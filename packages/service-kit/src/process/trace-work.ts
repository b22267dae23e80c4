import { runInScope, type Scope } from './request-scope.ts';
import type { Tracing } from './tracing.ts';

interface WorkOptions {
  name: string;
  /** The `traceparent` of the request that has caused the work. It becomes a link. */
  cause?: string | undefined;
}

/**
 * Runs background work as a trace of its own, from `currentWork()?.begin()` on. Work that never calls it, such as a poll that
 * finds nothing, makes no span.
 */
export async function traceWork<Result>(
  tracing: Tracing | undefined,
  { name, cause }: WorkOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const span = tracing?.start(name, cause);
  if (span === undefined) return work();
  let failure: unknown;
  const fail = (error: unknown) => void (failure = error);
  const begin = () => void (scope.span = span);
  const scope: Scope = { span: undefined, work: { begin, fail } };
  try {
    return await runInScope(scope, work);
  } catch (error) {
    fail(error);
    throw error;
  } finally {
    // A span that does not end is not sent.
    scope.span?.end({ error: failure });
  }
}
