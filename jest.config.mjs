// npm test: the tests of all workspaces, each with a jest.config.mjs of its own.
import { availableParallelism } from 'node:os';
import { run } from './jest.base.mjs';

export default {
  ...run,
  // The databases and services need the cores as well: more workers only make requests time out.
  maxWorkers: availableParallelism(),
  projects: ['<rootDir>/*/jest.config.mjs', '<rootDir>/packages/*/jest.config.mjs'],
};
