import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracing.ts';

/** Background work with a trace. */
interface Work {
  /** Begins the trace, because there is something to do. */
  begin(): void;
  /** Gives the span the status of an error. */
  fail(error: unknown): void;
}

/** What a line of the log, a call of another service, or a command of a database belongs to. */
export interface Scope {
  requestId?: string;
  span: Span | undefined;
  work?: Work;
}

const current = new AsyncLocalStorage<Scope>();

/** The id of the current request; undefined outside a request. */
export const currentRequestId = (): string | undefined => current.getStore()?.requestId;

/** The span of the current request or background work; undefined when it is not traced. */
export const currentSpan = (): Span | undefined => current.getStore()?.span;

/** The current background work; undefined in a request, and when the work is not traced. */
export const currentWork = (): Work | undefined => current.getStore()?.work;

/** Runs `work`, and everything that it starts, as part of the request with this id, and with this span if it is traced. */
export const runInRequest = (requestId: string, work: () => void, span?: Span): void =>
  current.run({ requestId, span }, work);

/** Runs background work, and everything that it starts, in this scope, whose span may begin later. */
export const runInScope = <Result>(scope: Scope, work: () => Result): Result => current.run(scope, work);
