import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracing.ts';

interface RequestScope {
  requestId: string;
  span: Span | undefined;
}

const scope = new AsyncLocalStorage<RequestScope>();

/** The id of the current request; undefined outside a request. */
export const currentRequestId = (): string | undefined => scope.getStore()?.requestId;

/** The span of the current request; undefined when it is not traced. */
export const currentSpan = (): Span | undefined => scope.getStore()?.span;

/** Runs `work`, and everything that it starts, as part of the request with this id, and with this span if it is traced. */
export const runInRequest = (requestId: string, work: () => void, span?: Span): void =>
  scope.run({ requestId, span }, work);
