import { randomUUID } from 'node:crypto';
import { createInternalClient, traceWork } from '@polyglot-notes/service-kit';
import {
  createClient,
  listening,
  newSecret,
  recordTracing,
  scaled,
  serverUrl,
  startTcpProxy,
  startTestIssuer,
  until,
  type Answer,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { createApp, routes } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { defaultStatementMs } from '../src/database.ts';
import type { Limits } from '../src/owners/limits.ts';
import { createDatabase } from './database.ts';

const USER_TO_NOTES_SECRET = newSecret();

export type Service = Awaited<ReturnType<typeof startService>>;
export type User = ReturnType<Service['newUser']>;

/** The titles in a list of notes. */
export const titles = ({ body }: Answer): string[] => body.items.map(({ title }: { title: string }) => title);

/** The titles on all pages of a list, with `limit` notes per page. `afterPage` runs after each page. */
export async function titlesOnAllPages(
  user: User,
  query: string,
  { limit = 1, afterPage = async (): Promise<unknown> => undefined } = {},
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await user.list(`?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
    if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`);
    seen.push(...titles(answer));
    cursor = answer.body.page.nextCursor;
    await afterPage();
  }
  return seen;
}

type Headers = Record<string, string>;

/** The calls of one user. */
function notesOf({ baseUrl, call }: Client) {
  /** Encodes the query as browsers do. */
  const pathOf = (query: string) => {
    const { pathname, search } = new URL(`/api/notes${query}`, baseUrl);
    return pathname + search;
  };
  return {
    call,
    list: (query = '') => call('GET', pathOf(query)),
    create: (body: object, headers: Headers = {}) => call('POST', '/api/notes', { body, headers }),
    get: (id: string, headers: Headers = {}) => call('GET', `/api/notes/${id}`, { headers }),
    patch: (id: string, body: object, headers: Headers = {}) =>
      call('PATCH', `/api/notes/${id}`, { body, headers }),
    remove: (id: string, headers: Headers = {}) => call('DELETE', `/api/notes/${id}`, { headers }),
  };
}

/** What instances of the service share. */
interface Shared {
  issuer: Awaited<ReturnType<typeof startTestIssuer>>;
  time: { now: Date };
  databaseUrl: string;
}

/**
 * Starts the service on its own database, with a fake auth-service and a clock that tests can set (`time.now`). An instance
 * `beside` another one shares these with it. Its time limits are long enough for requests that a test holds back.
 */
export async function startService({
  isFeedDown = false,
  listMs = scaled(60_000),
  environment = {},
  beside,
  ...limits
}: {
  isFeedDown?: boolean;
  beside?: Shared;
  listMs?: number;
  environment?: Record<string, string>;
  rankedMatches?: number;
  countedMatches?: number;
  limits?: Limits;
} = {}) {
  const issuer = beside?.issuer ?? (await startTestIssuer());
  issuer.state.isFeedDown = isFeedDown;
  const time = beside?.time ?? { now: new Date() };
  const databaseUrl = beside?.databaseUrl ?? (await createDatabase());
  const database = new URL(databaseUrl);
  const databaseProxy = await startTcpProxy(database);
  database.host = databaseProxy.host;
  const config = readConfig({
    DATABASE_URL: database.href,
    JWKS_URL: issuer.jwksUrl,
    USER_TO_NOTES_SECRET,
    AUTH_SERVICE_URL: issuer.url,
    NOTES_TO_AUTH_SECRET: newSecret(),
    PUBLIC_URL: 'https://notes.example.com/',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const context = await createContext(config, {
    clock: () => time.now,
    statementMs: scaled(defaultStatementMs),
    listMs,
    waitMs: scaled(60_000),
    ...limits,
  });
  const server = await listening(createApp(context));
  const client = createClient(serverUrl(server), { routes: routes(context) });
  const readiness = () => client.call('GET', '/health/ready');
  if (!isFeedDown) await until(async () => (await readiness()).status === 200);

  const userService = createInternalClient({
    baseUrl: client.baseUrl,
    caller: 'user-service',
    callee: 'notes-service',
    secrets: [USER_TO_NOTES_SECRET],
    timeoutMs: 10_000,
  });

  /** The calls of a user whose token has these claims. */
  function userWith(id: string, claims = {}) {
    const iat = Math.floor(time.now.getTime() / 1000);
    const token = issuer.tokenFor(id, { claims: { iat, ...claims } });
    return { id, token, ...notesOf(client.as(token)) };
  }

  return {
    client,
    time,
    issuer,
    databaseUrl,
    databaseProxy,
    readiness,
    newUser: () => userWith(randomUUID()),
    /** The calls of the same user to this instance. */
    userHere: ({ id }: { id: string }) => userWith(id),
    /** Runs a job now. Returns whether it makes a span, which it does when it finds something to do. */
    runJob: async (name: string): Promise<boolean> => {
      const { tracing, ended } = recordTracing();
      await traceWork(tracing, { name }, () => context.jobs.run(name));
      return ended.length > 0;
    },
    /** The calls of the same user with a token of this access version. */
    withAccessVersion: ({ id }: { id: string }, ver: number) => userWith(id, { ver }),
    /** The calls of the same user with a token of this session. */
    inSession: ({ id }: { id: string }, sid: string) => userWith(id, { sid }),
    advance(ms: number) {
      time.now = new Date(time.now.getTime() + ms);
    },
    owner: (id: string) => userService.request('GET', `/internal/owners/${id}`),
    owners: (after: string) => userService.request('GET', `/internal/owners?after=${after}`),
    erase: (id: string) => userService.request('DELETE', `/internal/owners/${id}`),
    async close() {
      if (beside === undefined) issuer.close();
      server.close().closeAllConnections();
      await context.close();
      databaseProxy.close();
    },
  };
}
