import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';
import { mongo, type Connection } from 'mongoose';
import {
  createCredentialModel,
  type Credential,
} from '../../../auth-service/src/credentials/credential.model.ts';
import { createCredentialsRepository } from '../../../auth-service/src/credentials/credentials.repository.ts';
import { newEvent, system } from '../../../auth-service/src/credentials/event-intents.ts';
import { createErasureModel } from '../../../auth-service/src/credentials/erasures.repository.ts';
import {
  credentialRevocations,
  erasureRevocations,
  sessionRevocations,
} from '../../../auth-service/src/revocations/revocation-sources.ts';
import { createSessionModel, type Session } from '../../../auth-service/src/sessions/session.model.ts';
import { createSessionsRepository } from '../../../auth-service/src/sessions/sessions.repository.ts';
import { parseToken } from '../../../auth-service/src/sessions/refresh-token.ts';
import { createAccountListRepository } from '../../../user-service/src/accounts/account-list.repository.ts';
import { createProfileModel } from '../../../user-service/src/profiles/profile.model.ts';
import type { SeededUser } from './seed.ts';

interface Explained {
  indexes: string;
  examined: number;
  returned: number;
}

interface Databases {
  auth: Connection;
  user: Connection;
}

/**
 * Runs the queries of auth-service for a user, and those of the admin list, and has the server explain the commands that
 * they sent. Other commands than `find` are explained as a `find` with their filter.
 */
export async function explainQueries(
  { auth, user }: Databases,
  seeded: SeededUser,
): Promise<Record<string, Explained | string>> {
  const explained: Record<string, Explained | string> = {};
  for (const [db, queries] of [
    [auth, await queriesFor(auth, seeded)],
    [user, adminQueries(user, seeded)],
  ] as const)
    for (const [name, run] of Object.entries(queries))
      explained[name] = await explain(db, await commandOf(db, run));
  return explained;
}

function adminQueries(db: Connection, { email }: SeededUser) {
  const { page } = createAccountListRepository(createProfileModel(db));
  const window = { after: undefined, offset: 0, limit: 21 };
  const find = (search?: string) => () =>
    page({ search, role: undefined, status: undefined }, '-createdAt', window);
  return {
    'admin list': find(),
    'admin search, one account': find(email),
    'admin search, none': find('zanzibar'),
  };
}

async function queriesFor(db: Connection, { email, refreshToken }: SeededUser) {
  const [credentials, sessions] = [createCredentialModel(db), createSessionModel(db)];
  const accounts = createCredentialsRepository(credentials);
  const repository = createSessionsRepository(sessions, { clock: () => new Date() });
  const account = (await accounts.findByEmail(email)) as Credential;
  const token = parseToken(refreshToken)!;
  const session = (await repository.findByLocator(token.locatorHash)) as Session;
  const window = { offset: 0, limit: 21 };
  const after = { createdAt: session.createdAt, id: session._id };
  const [polled, whole] = [10_000, revocationRetentionSeconds * 1_000].map((ms) => ({
    revokedAt: new Date(Date.now() - ms),
    id: '',
  })) as [Position, Position];
  const pageSize = 1_000;
  return {
    'account by email': () => accounts.findByEmail(email),
    'active account by id': () => accounts.findUsable(account._id),
    'session by refresh token': () => repository.findByLocator(token.locatorHash),
    'session by id': () => repository.findUnended(session._id),
    'rotation of a token': () => repository.rotate(session, session),
    'end of a session': () => repository.end('none', newEvent('logged_out', null, system, new Date())),
    'removal of earlier sessions': () => repository.removeEarlier(account),
    'least recent sessions': () => repository.leastRecent(account, 100),
    'first page of sessions': () => repository.page(account, { ...window, after: undefined }),
    'next page of sessions': () => repository.page(account, { ...window, after }),
    'number of sessions': () => repository.count(account),
    'poll: accounts': () => credentialRevocations(credentials)(polled, pageSize),
    'poll: erasures': () => erasureRevocations(createErasureModel(db))(polled, pageSize),
    'poll: sessions': () => sessionRevocations(sessions)(polled, pageSize),
    'whole feed: accounts': () => credentialRevocations(credentials)(whole, pageSize),
    'whole feed: sessions': () => sessionRevocations(sessions)(whole, pageSize),
  };
}

interface Position {
  revokedAt: Date;
  id: string;
}

/** The first command that `run` sends. */
async function commandOf(db: Connection, run: () => Promise<unknown>): Promise<mongo.Document> {
  const commands: mongo.Document[] = [];
  const keep = ({ command }: mongo.CommandStartedEvent) => commands.push(command);
  const client = db.getClient().on('commandStarted', keep);
  await run();
  client.off('commandStarted', keep);
  return commands[0]!;
}

function asFind(command: mongo.Document): mongo.Document {
  const collection: unknown = Object.values(command)[0];
  const { filter, query, sort, limit, projection, hint, pipeline, updates, deletes } = command;
  const found: unknown = filter ?? query ?? pipeline?.[0].$match ?? updates?.[0].q ?? deletes?.[0].q;
  const options = Object.entries({ sort, limit, projection, hint }).filter(
    ([, value]) => value !== undefined,
  );
  return { find: collection, filter: found, ...Object.fromEntries(options) };
}

async function explain(db: Connection, command: mongo.Document): Promise<Explained | string> {
  try {
    const { queryPlanner, executionStats } = await db.db!.command({
      explain: asFind(command),
      verbosity: 'executionStats',
    });
    const names = JSON.stringify(queryPlanner.winningPlan).matchAll(/"indexName":"([^"]+)"/g);
    const { totalDocsExamined: examined, nReturned: returned } = executionStats;
    return {
      indexes: [...new Set([...names].map(([, name]) => name))].join(' + ') || 'none',
      examined,
      returned,
    };
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return error.message;
    throw error;
  }
}
