// npm test: the tests of all workspaces, each with a jest.config.mjs of its own.
export default {
  // Most tests wait for a database or a service, so that a core has time for more than one.
  maxWorkers: '150%',
  testTimeout: 60_000,
  projects: ['<rootDir>/*/jest.config.mjs', '<rootDir>/packages/*/jest.config.mjs'],
};
