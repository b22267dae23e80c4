import { expect, test } from '@jest/globals';
import { Username } from '@polyglot-notes/service-kit';
import { usernameCandidates } from './usernames.ts';

test.each(['...', '_-_', '.a.', '+', '-', 'ada+notes', `${'-'.repeat(22)}x`, '-'.repeat(64), 'a'.repeat(64)])(
  'the usernames made from the local part %s can be chosen as well',
  (local) => {
    for (const username of usernameCandidates(`${local}@example.com`, undefined)) {
      expect(Username.parse(username)).toBe(username);
    }
  },
);

test.each(['...', '___', '---'])('the username %s cannot be chosen', (username) => {
  expect(Username.safeParse(username).success).toBe(false);
});
