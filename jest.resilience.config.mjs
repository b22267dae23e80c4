// npm run test:resilience: services and databases that are killed, hang, are unavailable, restored, started and stopped.
import { resilienceProject } from './jest.base.mjs';

export default {
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    resilienceProject('local-stack', 'packages/local-stack'),
    resilienceProject('e2e', 'e2e', { databases: true }),
  ],
};
