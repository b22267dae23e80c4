import { generateKeyPairSync } from 'node:crypto';
import type { Connection } from 'mongoose';
import { createLogger } from '@polyglot-notes/service-kit';
import { createCredentialModel } from '../../auth-service/src/credentials/credential.model.ts';
import { createCredentialsRepository } from '../../auth-service/src/credentials/credentials.repository.ts';
import { createAccessTokenIssuer } from '../../auth-service/src/sessions/access-tokens.ts';
import { createRefresh } from '../../auth-service/src/sessions/refresh.service.ts';
import { createValidToken } from '../../auth-service/src/sessions/valid-token.ts';
import { createSessionModel } from '../../auth-service/src/sessions/session.model.ts';
import { createSessionsRepository } from '../../auth-service/src/sessions/sessions.repository.ts';
import { createIssuePair, type IssuePair } from '../../auth-service/src/sessions/token-pair.ts';
import { percentile } from './measuring/percentile.ts';
import type { SeededUser } from './seed-sessions.ts';

const clock = () => new Date();
const dayMs = 86_400_000;
const sessionLimits = { idleMs: 30 * dayMs, maxMs: 180 * dayMs, graceMs: 10_000 };

/** Refreshes a session of each user in this process. Returns the median ms of each part. */
export async function splitRefresh(db: Connection, users: SeededUser[]): Promise<Record<string, string>> {
  const took: Record<string, number[]> = {};
  const record = (part: string, ms: number) => (took[part] ??= []).push(ms);
  const refresh = createMeasuredRefresh(db, record);
  const commands: number[] = [];
  let startedAt = 0;
  // The driver's own durations are whole milliseconds.
  const onStart = () => (startedAt = performance.now());
  const onSuccess = () => commands.push(performance.now() - startedAt);
  const client = db.getClient().on('commandStarted', onStart).on('commandSucceeded', onSuccess);
  for (const user of users) {
    commands.length = 0;
    const began = performance.now();
    user.refreshToken = (await refresh(user.refreshToken, {})).refreshToken;
    record('whole refresh', performance.now() - began);
    const [session = 0, account = 0, rotation = 0, accountAgain = 0] = commands;
    record('read of the session', session);
    record('read of the account', account);
    record('rotation of the token', rotation);
    record('second read of the account', accountAgain);
  }
  client.off('commandStarted', onStart).off('commandSucceeded', onSuccess);
  return Object.fromEntries(Object.entries(took).map(([part, ms]) => [part, percentile(ms, 0.5).toFixed(1)]));
}

function createMeasuredRefresh(db: Connection, record: (part: string, ms: number) => void) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const issuePair = createIssuePair({
    sessionLimits,
    issueAccessToken: createAccessTokenIssuer({
      key: () => ({ id: 'bench', privateKey }),
      issuer: 'bench',
      audience: 'bench',
      lifetimeSeconds: 900,
      clock,
    }),
  });
  const timed: IssuePair = (...values) => {
    const began = performance.now();
    const pair = issuePair(...values);
    record('signature of the access token', performance.now() - began);
    return pair;
  };
  return createRefresh({
    sessions: createSessionsRepository(createSessionModel(db), { clock }),
    credentials: createCredentialsRepository(createCredentialModel(db)),
    validToken: createValidToken({
      endSession: () => Promise.resolve(true),
      sessionLimits,
      log: createLogger('bench', 'warn'),
      clock,
    }),
    knownDevices: { renew: () => Promise.resolve() },
    issuePair: timed,
    sessionLimits,
    clock,
  });
}
