// Loaded into a service before its own code: kills the process at one step of one request. The id of the request names the
// step: `kill.<service>.<number of the step>.<anything>`. A step is visible from outside: a request or its answer, a call of
// another service, a write to the database. The name of the step is appended to the file KILL_REPORT. A request named
// `hold.…` in the same way goes no further than that step, among those of the database; its id is appended.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { basename, dirname } from 'node:path';
import { currentRequestId } from '../../packages/service-kit/src/process/request-scope.ts';

const service = basename(dirname(dirname(process.argv[1] ?? '')));
const counts = new Map<string, number>();

function step(name: string, requestId = currentRequestId()): void {
  const [word, victim, number] = (requestId ?? '').split('.');
  if (requestId === undefined || word !== 'kill' || victim !== service) return;
  const count = (counts.get(requestId) ?? 0) + 1;
  counts.set(requestId, count);
  if (count !== Number(number)) return;
  appendFileSync(process.env['KILL_REPORT'] ?? '', `${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}

const holds = new Map<string, number>();

/** Whether a request to hold has come to its step. */
function isHeld(requestId = currentRequestId() ?? ''): boolean {
  const [word, victim, number] = requestId.split('.');
  if (word !== 'hold' || victim !== service) return false;
  const count = (holds.get(requestId) ?? 0) + 1;
  holds.set(requestId, count);
  if (count !== Number(number)) return false;
  appendFileSync(process.env['KILL_REPORT'] ?? '', `${requestId}\n`);
  return true;
}

const never = () => new Promise(() => {});

const idOf = ({ headers }: IncomingMessage) => String(headers['x-request-id']);
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  step('the request has arrived', idOf(request));
});
subscribe('http.server.response.finish', (message) => {
  const { request } = message as { request: IncomingMessage };
  step('the answer is sent', idOf(request));
});

const calls = new WeakMap<ClientRequest, { what: string; requestId: string | undefined }>();
subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest };
  const what = `${request.method} ${request.path.replaceAll(/[0-9a-f-]{36}/g, ':id')}`;
  calls.set(request, { what, requestId: currentRequestId() });
  step(`before ${what}`);
});
subscribe('http.client.response.finish', (message) => {
  const { request } = message as { request: ClientRequest };
  const call = calls.get(request);
  if (call !== undefined) step(`after ${call.what}`, call.requestId);
});

type Method = (...args: unknown[]) => unknown;

/** Makes a method that writes take one step before and one after. */
function watch(owner: object, method: string, nameOf: (self: never, args: unknown[]) => string | undefined) {
  const methods = owner as Record<string, Method>;
  const original = methods[method]!;
  methods[method] = function watched(this: never, ...args: unknown[]) {
    const name = nameOf(this, args);
    if (name === undefined) return original.apply(this, args);
    step(`before ${name}`);
    const result = original.apply(this, args);
    if (result instanceof Promise) {
      const requestId = currentRequestId();
      return result.then((value: unknown) => {
        step(`after ${name}`, requestId);
        return value;
      });
    }
    return result;
  };
}

/** Makes a method that writes hold a request when the write is done. */
function holdAfter(owner: object, method: string) {
  const methods = owner as Record<string, Method>;
  const original = methods[method]!;
  methods[method] = function held(this: never, ...args: unknown[]) {
    const result = original.apply(this, args);
    const requestId = currentRequestId();
    return result instanceof Promise
      ? result.then((value: unknown) => (isHeld(requestId) ? never() : value))
      : result;
  };
}

// A kill beside one of their writes leaves an attempt that is counted, or a device that is known, and nothing else.
const harmless = new Set(['loginCounters', 'knownDevices']);

if (service === 'auth-service' || service === 'user-service') {
  const { mongo } = (await import('mongoose')).default;
  for (const method of [
    'insertOne',
    'updateOne',
    'updateMany',
    'findOneAndUpdate',
    'replaceOne',
    'deleteOne',
    'deleteMany',
  ]) {
    watch(mongo.Collection.prototype, method, ({ collectionName }: { collectionName: string }) =>
      harmless.has(collectionName) ? undefined : `${method} ${collectionName}`,
    );
    holdAfter(mongo.Collection.prototype, method);
  }
}

if (service === 'notes-service') {
  const { default: pg } = await import('pg');
  const nameOf = (query: unknown) => {
    const text = typeof query === 'string' ? query : String((query as { text?: unknown })?.text);
    return /^\s*(?:begin|commit|insert|update|delete|with)/i.test(text)
      ? text.trim().slice(0, 24).replaceAll(/\s+/g, ' ')
      : undefined;
  };
  watch(pg.Client.prototype, 'query', (_self, [query]) => nameOf(query));
  const methods = pg.Client.prototype as unknown as Record<string, Method>;
  const { query: watched } = methods;
  methods['query'] = function held(this: never, ...args: unknown[]) {
    const name = nameOf(args[0]);
    if (name === undefined) return watched!.apply(this, args);
    if (isHeld()) return never();
    const result = watched!.apply(this, args);
    const requestId = currentRequestId();
    return name === 'COMMIT' && result instanceof Promise
      ? result.then((value: unknown) => (isHeld(requestId) ? never() : value))
      : result;
  };
}
