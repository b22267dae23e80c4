// npm test: the tests of all workspaces.
import { project } from './jest.base.mjs';

export default {
  // Most tests wait for a database or a service, so that a core has time for more than one.
  maxWorkers: '150%',
  testTimeout: 60_000,
  projects: [
    '<rootDir>/gateway',
    '<rootDir>/auth-service',
    '<rootDir>/user-service',
    '<rootDir>/notes-service',
    '<rootDir>/packages/service-kit',
    '<rootDir>/packages/local-stack',
    '<rootDir>/packages/documentdb-gateway',
    '<rootDir>/postman',
    '<rootDir>/bench',
    { ...project('deploy'), rootDir: 'deploy', testPathIgnorePatterns: ['/deploy/test/'] },
    '<rootDir>/e2e',
  ],
};
