const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Node itself loads these as ES modules; transformed, they would be CommonJS, which cannot load maildev.
  transformIgnorePatterns: ['/node_modules/', '/(?:setup|teardown)\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/.local/'],
  ...more,
});

const onDatabases = {
  globalSetup: '<rootDir>/packages/local-stack/testing/setup.ts',
  globalTeardown: '<rootDir>/packages/local-stack/testing/teardown.ts',
};

export default {
  testTimeout: 60_000,
  projects: [
    project('unit', [
      '**/src/**/*.test.ts',
      'gateway/test/**/*.int.test.ts',
      'deploy/*.test.ts',
      'deploy/env/*.test.ts',
    ]),
    project('stack', ['packages/*/test/**/*.int.test.ts']),
    project('services', ['*-service/test/**/*.int.test.ts'], onDatabases),
    project('e2e', ['e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/e2e/setup.ts',
      globalTeardown: '<rootDir>/e2e/teardown.ts',
      // These start, stop and set up systems of their own; with E2E_URL the others look at the one that is there.
      testPathIgnorePatterns: process.env.E2E_URL
        ? ['/e2e/(?:chaos|faults|killed|limits|reconcile|start|unavailable)\\.test\\.ts$']
        : [],
    }),
    // Needs Docker, and minutes: npm run test:compose.
    ...(process.env.TEST_COMPOSE ? [project('compose', ['deploy/test/**/*.test.ts'])] : []),
  ],
};
