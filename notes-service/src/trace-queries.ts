import { AsyncResource } from 'node:async_hooks';
import { currentSpan } from '@polyglot-notes/service-kit';
import type { Pool, PoolClient } from 'pg';

type Connected = Parameters<Parameters<Pool['connect']>[0]>;
type Query = (...args: unknown[]) => unknown;

/** Makes each query that a traced request sends a span of its own. */
export function traceQueries(pool: Pool): void {
  const connect = pool.connect.bind(pool);
  // A query that waits for a connection would continue in the request that gave it back.
  const inContext = (then?: (...connected: Connected) => void) =>
    then === undefined ? connect() : connect(AsyncResource.bind(then));
  pool.connect = inContext as Pool['connect'];
  pool.on('connect', traceClient);
}

function traceClient(client: PoolClient): void {
  const query = client.query.bind(client) as Query;
  const traced: Query = (...args) => {
    const span = currentSpan()?.child('postgresql', { 'db.system.name': 'postgresql' });
    if (span === undefined) return query(...args);
    const then = args.at(-1);
    if (typeof then === 'function') {
      const andEnd = (error: unknown, result: unknown) => {
        span.end({ error: error ?? undefined });
        then(error, result);
      };
      return query(...args.slice(0, -1), andEnd);
    }
    const result = query(...args) as Promise<unknown>;
    result.then(
      () => span.end(),
      (error: unknown) => span.end({ error }),
    );
    return result;
  };
  client.query = traced as PoolClient['query'];
}
