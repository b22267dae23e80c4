import { project } from '../jest.base.mjs';

export default project('e2e', {
  globalSetup: '<rootDir>/setup.ts',
  globalTeardown: '<rootDir>/teardown.ts',
  testPathIgnorePatterns: [
    '/resilience/',
    // With E2E_URL the tests look at a system that already runs; these need systems with other settings.
    ...(process.env.E2E_URL ? ['/limits\\.test\\.ts$'] : []),
  ],
});
