// The Jest settings of every workspace: each has a jest.config.mjs of its own and runs its tests by itself.
import { pbkdf2Sync } from 'node:crypto';

const root = import.meta.dirname;

/**
 * How many times slower this machine is than one where the unscaled time limits hold: 1 or more. The median of five short
 * rounds counts. Tests get it as TEST_TIME_SCALE, which can also be set by hand.
 */
function measureTimeScale() {
  const expectedMs = 20;
  const rounds = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    pbkdf2Sync('password', 'salt', 100_000, 32, 'sha256');
    return performance.now() - begin;
  });
  return Math.max(1, rounds.toSorted((a, b) => a - b)[2] / expectedMs);
}
process.env.TEST_TIME_SCALE ??= measureTimeScale().toFixed(1);

/** A time limit in milliseconds, scaled to this machine. */
const scaled = (ms) => Math.round(ms * Number(process.env.TEST_TIME_SCALE));

/** The settings of a run of several workspaces. */
export const run = {
  testTimeout: scaled(60_000),
  testSequencer: `${root}/jest.sequencer.mjs`,
};

const settings = {
  testEnvironment: 'node',
  // The built client has the name of the client.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: run.testTimeout,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Node itself loads these as ES modules; transformed, they would be CommonJS, which cannot load maildev.
  transformIgnorePatterns: ['/node_modules/', '/(?:setup|teardown)\\.ts$'],
};

/** Starts the databases and the mail catcher of the tests, once for all projects of a run. */
const onDatabases = {
  globalSetup: `${root}/packages/local-stack/testing/setup.ts`,
  globalTeardown: `${root}/packages/local-stack/testing/teardown.ts`,
};

/** The ordinary tests of a workspace: all but those in folders named `resilience`. */
export const project = (displayName, { databases = false, ...more } = {}) => ({
  displayName,
  ...settings,
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/resilience/', '/upgrade/'],
  ...(databases && onDatabases),
  ...more,
});

/** The resilience tests of a workspace, which `npm run test:resilience` runs. */
export const resilienceProject = (displayName, workspace, { databases = false } = {}) => ({
  displayName,
  ...settings,
  rootDir: `${root}/${workspace}`,
  testMatch: ['**/resilience/**/*.test.ts'],
  ...(databases && onDatabases),
});
