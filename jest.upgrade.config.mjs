// npm run test:upgrade: replaces a running system of the release before by this version. Installs that release, which takes
// minutes.
import { project } from './jest.base.mjs';

const upgrade = project('upgrade', { databases: true, testPathIgnorePatterns: ['/node_modules/'] });

export default {
  testTimeout: 900_000,
  projects: [{ ...upgrade, testTimeout: 900_000, rootDir: 'e2e/upgrade' }],
};
