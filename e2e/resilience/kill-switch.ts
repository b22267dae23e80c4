// Loaded into a service before its own code: holds a request at one of its steps, until the process is killed. A step is
// visible from outside: a request or its answer, a call of another service, a write to the database. The id of the request
// says what to do: `trace.<service>.<anything>` reports all steps, `hold.<service>.<step>.<anything>` goes no further than
// that step. Whatever else the request does at the same time is held at its next step, as a kill would end it. The file
// KILL_REPORT gets a line for each step that is reported or held: the id of the request, the step and its name.
import { createHash } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { ClientRequest, Server, ServerResponse, type IncomingMessage } from 'node:http';
import { basename, dirname } from 'node:path';
import { currentRequestId } from '../../packages/service-kit/src/process/request-scope.ts';

const service = basename(dirname(dirname(process.argv[1] ?? '')));
const steps = new Map<string, Map<string, number>>();
const held = new Set<string>();

/** Takes a step of a request. Returns whether the request must go no further. */
function isHeldAt(name: string, requestId = currentRequestId() ?? ''): boolean {
  const [word, victim, target] = requestId.split('.');
  if (victim !== service || (word !== 'hold' && word !== 'trace')) return false;
  if (held.has(requestId)) return true;
  const counts = steps.get(requestId) ?? new Map<string, number>();
  steps.set(requestId, counts);
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  const step = createHash('sha256').update(`${name} ${count}`).digest('hex').slice(0, 8);
  const isTarget = word === 'hold' && step === target;
  if (isTarget) held.add(requestId);
  if (isTarget || word === 'trace')
    appendFileSync(process.env['KILL_REPORT'] ?? '', `${requestId} ${step} ${name}\n`);
  return isTarget;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Replaces a method by `around`, which calls the original one by `proceed`. */
function wrap(
  owner: object,
  method: string,
  around: (self: never, args: unknown[], proceed: () => unknown) => unknown,
): void {
  const methods = owner as Record<string, Method>;
  const original = methods[method]!;
  methods[method] = function wrapped(this: unknown, ...args: unknown[]) {
    return around(this as never, args, () => original.apply(this, args));
  };
}

const idOf = ({ headers }: IncomingMessage) => String(headers['x-request-id']);

wrap(Server.prototype, 'emit', (_server, [event, request], proceed) =>
  event === 'request' && isHeldAt('the request has arrived', idOf(request as IncomingMessage))
    ? true
    : proceed(),
);
wrap(ServerResponse.prototype, 'end', (response: ServerResponse, _args, proceed) =>
  held.has(idOf(response.req)) ? response : proceed(),
);
subscribe('http.server.response.finish', (message) => {
  const { request } = message as { request: IncomingMessage };
  isHeldAt('the answer is sent', idOf(request));
});

const calls = new WeakMap<ClientRequest, { what: string; requestId: string | undefined; isHeld: boolean }>();

/** Whether a call of another service is held before any of it is sent. */
function isCallHeld(request: ClientRequest): boolean {
  const before = calls.get(request);
  if (before !== undefined) return before.isHeld;
  const what = `${request.method} ${request.path.replaceAll(/[0-9a-f-]{36}/g, ':id')}`;
  const isHeld = isHeldAt(`before ${what}`);
  calls.set(request, { what, requestId: currentRequestId(), isHeld });
  return isHeld;
}
for (const method of ['write', 'end'])
  wrap(ClientRequest.prototype, method, (request: ClientRequest, _args, proceed) =>
    isCallHeld(request) ? request : proceed(),
  );
wrap(ClientRequest.prototype, 'emit', (request: ClientRequest, [event], proceed) => {
  const call = event === 'response' ? calls.get(request) : undefined;
  return call !== undefined && isHeldAt(`after ${call.what}`, call.requestId) ? true : proceed();
});

const never = new Promise<never>(() => {});

/** Makes a method that writes take one step before and one after. */
function watch(
  owner: object,
  method: string,
  nameOf: (self: never, args: unknown[]) => string | undefined,
): void {
  wrap(owner, method, (self, args, proceed) => {
    const name = nameOf(self, args);
    if (name === undefined) return proceed();
    const requestId = currentRequestId();
    if (isHeldAt(`before ${name}`)) return never;
    const result = proceed();
    return result instanceof Promise
      ? result.then((value: unknown) => (isHeldAt(`after ${name}`, requestId) ? never : value))
      : result;
  });
}

// A kill beside one of their writes leaves an attempt that is counted, a device that is known, or an event of the audit
// trail, and nothing else.
const harmless = new Set(['loginCounters', 'knownDevices', 'events']);

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
  ])
    watch(mongo.Collection.prototype, method, ({ collectionName }: { collectionName: string }) =>
      harmless.has(collectionName) ? undefined : `${method} ${collectionName}`,
    );
}

if (service === 'notes-service') {
  const { default: pg } = await import('pg');
  watch(pg.Client.prototype, 'query', (_client, [query]) => {
    const text = typeof query === 'string' ? query : String((query as { text?: unknown })?.text);
    return /^\s*(?:begin|commit|insert|update|delete|with)/i.test(text)
      ? text.trim().slice(0, 24).replaceAll(/\s+/g, ' ')
      : undefined;
  });
  // A held request keeps its connection, so pools must not have a limit.
  wrap(pg.Pool.prototype, '_isFull', () => false);
}
