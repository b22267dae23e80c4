import { expect, test } from '@jest/globals';
import { createResults, type Session } from './results.ts';

const target = { service: 'notes-service', url: 'http://127.0.0.1/api/notes' };
const other = { ...target };
const revokedSession = (): Session => ({ id: 'a', token: 'a', revocation: { confirmedAt: 1_000 } });

test('measures from the confirmation until the last accepted request was sent', () => {
  const results = createResults();
  const session = revokedSession();
  for (const sentAt of [900, 1_200, 1_100]) results.add(session, target, { status: 200, sentAt });
  results.add(session, target, { status: 401, sentAt: 1_300 });
  results.add(session, other, { status: 200, sentAt: 999 });
  expect(results.acceptedFor(session, target)).toBe(200);
  expect(results.acceptedFor(session, other)).toBe(0);
  expect(results.faults.size).toBe(0);
});

test('reports a token that is accepted for too long, even after a refusal', () => {
  const results = createResults();
  const session = revokedSession();
  results.add(session, target, { status: 401, sentAt: 1_300 });
  results.add(session, target, { status: 200, sentAt: 6_001 });
  expect([...results.faults.keys()]).toEqual(['notes-service accepted a token 5000 ms after its revocation']);
});

test('reports the refusal of a valid token and any other answer', () => {
  const results = createResults();
  const session: Session = { id: 'b', token: 'b' };
  results.add(session, target, { status: 401, sentAt: 1 });
  results.add(session, target, { status: 503, sentAt: 2 });
  results.add(session, target, { status: 503, sentAt: 3 });
  expect(Object.fromEntries(results.faults)).toEqual({
    'notes-service refused a valid token': 1,
    'notes-service answered 503': 2,
  });
});
