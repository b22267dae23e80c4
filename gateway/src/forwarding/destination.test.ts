import { describe, expect, test } from '@jest/globals';
import { destination } from './destination.ts';

describe('destination', () => {
  test.each([
    ['/api/auth/login', 'auth'],
    ['/api/users/me?fields=a/../b', 'user'],
    ['/api/users', 'user'],
    ['/api/notes?search=%2e%2e%2f', 'notes'],
    ['/api/notes/', 'notes'],
    ['/api/notes/a.b..c', 'notes'],
    ['/api/notes/internal-affairs', 'notes'],
    ['/api/notes/tags/internal', 'notes'],
    ['/api/notes/tags', 'notes'],
    ['/api/notes/tags/', 'notes'],
    ['/api/notes/tags/100%25', 'notes'],
    ['/api/notes/tags/a%3Fb', 'notes'],
    ['/api/notes/tags/a;b', 'notes'],
    ['/api/notes/tags/a%3Bb', 'notes'],
    ['/api/notes/tags/a%2Fb/', 'notes'],
    ['/api/notes/tags/a%2Fb?name=%2F', 'notes'],
    ['/api/notes/tags/%252e%252e', 'notes'],
    ['/api/notes/tags/%252525252525', 'notes'],
    ['/api/notes/tags/50%2520', 'notes'],
    ['/api/notes/tags/a%23b', 'notes'],
    ['/api/notes/tags/%E2%9C%93/', 'notes'],
    ['/api/notes/trash', 'notes'],
    ['/api/notes/export?format=zip', 'notes'],
    ['/api/notes/import', 'notes'],
    ['/api/notes/batch', 'notes'],
    ['/api/notes/changes?since=a&wait=25', 'notes'],
    ['/api/notes/usage', 'notes'],
    ['/api/notes/0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a/versions/3/restore', 'notes'],
    ['/.well-known/jwks.json', 'auth'],
  ])('sends %s to %s', (target, service) => {
    expect(destination(target)).toBe(service);
  });

  test.each([
    '/',
    '/api',
    '/api/usersXYZ',
    '/API/users/me',
    '/internal/profiles/1',
    '/metrics',
    '/health',
    'http://elsewhere/api/users/me',
    '*',
    '',
    '/.well-known/../internal',
    '/api/notes/trash/%252525252525',
    '/api/notes/trash/%252e%252e',
    '/api/notes/tags/.',
    '/api/notes/tags/..',
    '/api/notes/tags/../',
    '/api/notes/tags//',
    '/api/notes/tags//x',
    '/api/notes/tags/a%2Fb//',
    '/api/notes/tags/a%2Fb/x',
    '/api/notes/tags/a#b',
    '/api/notes/tags/a\\b',
    '/api/notes/tags/a%00b',
    '/api/notes/tags/%E0%A4%A',
  ])('sends %s nowhere', (target) => {
    expect(destination(target)).toBeUndefined();
  });
});
