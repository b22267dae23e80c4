// npm run test:resilience: services and databases that are killed, hang, are unavailable, restored, started and stopped,
// searches and data that are large, races for the last admin, and pages in a browser.
import { resilienceProject, run } from './jest.base.mjs';

export default {
  ...run,
  // A test starts many processes; with other work on the machine each takes several times as long.
  testTimeout: 10 * run.testTimeout,
  maxWorkers: 2,
  projects: [
    resilienceProject('service-kit', 'packages/service-kit'),
    resilienceProject('gateway', 'gateway'),
    resilienceProject('local-stack', 'packages/local-stack'),
    resilienceProject('notes-service', 'notes-service', { databases: true }),
    resilienceProject('auth-service', 'auth-service', { databases: true }),
    resilienceProject('user-service', 'user-service', { databases: true }),
    resilienceProject('backup', 'packages/backup', { databases: true }),
    resilienceProject('e2e', 'e2e', { databases: true }),
  ],
};
