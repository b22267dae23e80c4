import { project } from '../jest.base.mjs';

export default project('e2e', {
  globalSetup: '<rootDir>/setup.ts',
  globalTeardown: '<rootDir>/teardown.ts',
});
