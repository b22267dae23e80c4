import { expect, test } from '@jest/globals';
import { makeSecrets } from './secrets.ts';
import { serviceNames, wireServices } from './services.ts';
import { readSettings } from './settings.ts';

test.each([
  [{ WORKERS: '3', GATEWAY_WORKERS: '2' }, ['3', '3', '3', '2']],
  [{ WORKERS: '3' }, ['3', '3', '3', '1']],
  [{ GATEWAY_WORKERS: '2' }, [undefined, undefined, undefined, '2']],
])('gives the services the workers of %p', (given, expected) => {
  const { environmentOf } = wireServices({
    root: '/',
    settings: readSettings('/', given),
    secrets: makeSecrets(),
    mongoUrl: '',
    databaseUrl: '',
    smtpUrl: '',
    admin: undefined,
    logDir: '/',
  });
  expect(serviceNames.map((name) => environmentOf(name)['WORKERS'])).toEqual(expected);
});
