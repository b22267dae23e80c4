import { describe, expect, test } from '@jest/globals';
import {
  backgroundWork,
  createLogger,
  ServiceRefusalError,
  ServiceUnreachableError,
} from '@polyglot-notes/service-kit';
import { createNotifyUserService } from './notify-user-service.ts';

describe('an ended session that user-service does not confirm', () => {
  test.each([
    ['a warning while user-service is unavailable', 'warn', new ServiceUnreachableError('user-service', [])],
    [
      'an error when user-service refuses it',
      'error',
      new ServiceRefusalError('user-service', 404, 'not_found'),
    ],
  ])('is %s', async (_, level, failure) => {
    const lines: string[] = [];
    const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
    const background = backgroundWork(log);
    const { announceEndedSession } = createNotifyUserService({
      relay: { attempt: async () => undefined },
      userService: { endSession: () => Promise.reject(failure) },
      background,
      log,
    });
    await announceEndedSession('a session');
    await background.settled();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level, msg: 'an ended session could not be announced to user-service', err: expect.anything() },
    ]);
  });
});
