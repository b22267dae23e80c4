// npm test: the tests of all workspaces, each with a jest.config.mjs of its own.
import { availableParallelism } from 'node:os';
import { run } from './jest.base.mjs';

export default {
  ...run,
  // Most tests wait for a database or a service, so that a core has time for more than one.
  maxWorkers: availableParallelism() + 1,
  projects: ['<rootDir>/*/jest.config.mjs', '<rootDir>/packages/*/jest.config.mjs'],
};
