// The Jest settings of every workspace: each has a jest.config.mjs of its own and runs its tests by itself.
const root = import.meta.dirname;

const settings = {
  testEnvironment: 'node',
  testTimeout: 60_000,
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
  testPathIgnorePatterns: ['/node_modules/', '/resilience/'],
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
