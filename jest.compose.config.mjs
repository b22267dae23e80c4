// npm run test:compose: the system in containers. Needs Docker, and minutes.
import { project } from './jest.base.mjs';

export default {
  testTimeout: 300_000,
  projects: [{ ...project('compose'), rootDir: 'deploy/test' }],
};
