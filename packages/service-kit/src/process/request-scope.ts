import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<{ requestId: string }>();

/** The id of the current request; undefined outside a request. */
export const currentRequestId = (): string | undefined => scope.getStore()?.requestId;

/** Runs `work`, and everything that it starts, as part of the request with this id. */
export const runInRequest = (requestId: string, work: () => void): void => scope.run({ requestId }, work);
