import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readTarget } from './target.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'polyglot-notes-target-'));
});
afterEach(() => rm(root, { recursive: true }));

const ada = { ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'analytical engine' };
const asAda = { adminEmail: 'ada@example.com', adminPassword: 'analytical engine' };

const write = (name: string, text: string) => writeFile(join(root, name), text);
const writeGeneratedAdmin = (email: string) =>
  write('admin.json', JSON.stringify({ email, password: 'difference engine' }));
const target = (environment: Record<string, string> = {}) =>
  readTarget(root, { LOCAL_STATE_DIR: '.', ...environment });

describe('the target of a run', () => {
  test('is the system of npm start, with its generated admin', async () => {
    await writeGeneratedAdmin('generated@example.com');
    expect(target()).toEqual({
      baseUrl: 'http://127.0.0.1:8000',
      mailUrl: 'http://127.0.0.1:1080',
      adminEmail: 'generated@example.com',
      adminPassword: 'difference engine',
    });
  });

  test('has the ports and the admin of .env', async () => {
    await writeGeneratedAdmin('generated@example.com');
    await write(
      '.env',
      'GATEWAY_PORT=8400\nMAIL_PORT=1480\nADMIN_EMAIL=ada@example.com\nADMIN_PASSWORD="analytical engine"\n',
    );
    expect(target()).toEqual({
      baseUrl: 'http://127.0.0.1:8400',
      mailUrl: 'http://127.0.0.1:1480',
      ...asAda,
    });
  });

  test('comes from the environment first', async () => {
    await write('.env', 'GATEWAY_PORT=8400\nADMIN_EMAIL=c@example.com\nADMIN_PASSWORD=of the file\n');
    expect(target({ BASE_URL: 'http://qa', MAIL_URL: 'http://mails', ...ada })).toEqual({
      baseUrl: 'http://qa',
      mailUrl: 'http://mails',
      ...asAda,
    });
  });

  test('needs an admin', () => {
    expect(() => target()).toThrow(/Set ADMIN_EMAIL and ADMIN_PASSWORD.*admin\.json/);
  });

  test('has the generated password if .env leaves it empty', async () => {
    await writeGeneratedAdmin('generated@example.com');
    await write('.env', 'ADMIN_EMAIL=ada@example.com\nADMIN_PASSWORD=\n');
    expect(target()).toMatchObject({ adminEmail: 'ada@example.com', adminPassword: 'difference engine' });
  });
});
