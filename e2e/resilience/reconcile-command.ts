import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root, type TestSystem } from '@polyglot-notes/local-stack/testing';

/** Runs the command like an operator; returns its exit code and its finding for each account. */
export function runReconcile(system: Pick<TestSystem, 'environmentOf'>, ...flags: string[]) {
  return new Promise<{ code: unknown; found: Record<string, string>; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'user-service/src/reconcile.ts'), ...flags],
      { env: { PATH: process.env['PATH'], ...system.environmentOf('user-service') } },
      (error, stdout, stderr) => {
        const lines = stdout.split('\n').filter((line) => /^[0-9a-f-]{36}  /.test(line));
        const found = Object.fromEntries(lines.map((line) => [line.slice(0, 36), line.slice(38)]));
        resolve({ code: error?.code ?? 0, found, output: stdout + stderr });
      },
    );
  });
}

/** The result when the stores agree. */
export const noDrift = { code: 0, found: {}, output: 'Accounts about which the stores differ: 0.\n' };
