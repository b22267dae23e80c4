import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root, type TestSystem } from '@polyglot-notes/local-stack/testing';

/** Runs the program like a container does, encrypted. Resolves with its exit code and what it prints. */
export function runBackup(
  { databaseUrl, mongo }: Pick<TestSystem, 'databaseUrl' | 'mongo'>,
  folder: string,
  ...args: string[]
) {
  const env = {
    PATH: process.env['PATH'],
    NOTES_DATABASE_URL: databaseUrl,
    USER_MONGODB_URL: mongo.url,
    USER_DATABASE: mongo.user,
    AUTH_MONGODB_URL: mongo.url,
    AUTH_DATABASE: mongo.auth,
    BACKUP_DIR: folder,
    BACKUP_PASSPHRASE: 'correct horse battery staple',
  };
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    const program = join(root, 'packages/backup/src/main.ts');
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}
