import { describe, expect, test } from '@jest/globals';
import { UpdateMe } from './profiles.schemas.ts';

describe('an avatar', () => {
  test.each([
    ['a host in upper case', 'HTTPS://EXAMPLE.com/A.png', 'https://example.com/A.png'],
    ['blanks around it', '  https://example.com/a.png\n', 'https://example.com/a.png'],
    [
      'characters of HTML',
      `https://example.com/"><script>alert(1)</script>?a="<'>#"<>`,
      'https://example.com/%22%3E%3Cscript%3Ealert(1)%3C/script%3E?a=%22%3C%27%3E#%22%3C%3E',
    ],
    ['backslashes', 'https://example.com\\a\\b', 'https://example.com/a/b'],
    ['dot segments', 'https://example.com/a/../b', 'https://example.com/b'],
    ['an international host', 'https://пример.рф/é', 'https://xn--e1afmkfd.xn--p1ai/%C3%A9'],
    ['no path', 'http://example.com', 'http://example.com/'],
    ['a zero-width space', 'https://example.com/a\u200b', 'https://example.com/a%E2%80%8B'],
  ])('with %s is stored as the parsed URL', (_what, avatar, href) => {
    expect(UpdateMe.safeParse({ avatar })).toEqual({ success: true, data: { avatar: href } });
  });

  test.each([
    ['a line break in the host', 'https://exa\nmple.com/"><script>alert(1)</script>'],
    ['a tab', 'https://example.com/\ta.png'],
    ['a blank', 'https://example.com/a b.png'],
    ['a no-break space', 'https://example.com/a\u00a0b.png'],
    ['a control character', 'https://example.com/\u0001'],
    ['a user', 'https://ada@example.com/'],
    ['a password', 'https://ada:secret@example.com/'],
    ['a host that looks like another', 'https://example.com@evil.example/'],
    ['a host that does not parse', 'https://exa<mple.com/'],
    ['a port that does not parse', 'https://example.com:99999/'],
    ['no host', 'https://'],
    ['no slashes', 'https:example.com'],
    ['the scheme ftp', 'ftp://example.com/'],
    ['the scheme data', 'data:text/html,<script>alert(1)</script>'],
    ['2,048 characters that become more', `https://example.com/${'é'.repeat(500)}`],
  ])('may not have %s', (_what, avatar) => {
    expect(UpdateMe.safeParse({ avatar }).error?.issues).toMatchObject([{ path: ['avatar'] }]);
  });
});

describe('a username', () => {
  test.each(['a..', '_1_', '.hidden', 'admin', '-x-'])('may be %s', (username) => {
    expect(UpdateMe.safeParse({ username }).success).toBe(true);
  });

  test.each(['...', '---', '___', '.-_', '_'.repeat(30)])('may not be %s', (username) => {
    expect(UpdateMe.safeParse({ username }).error?.issues).toHaveLength(1);
  });
});
