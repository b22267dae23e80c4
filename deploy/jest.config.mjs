import { project } from '../jest.base.mjs';

export default project('deploy', {
  // npm run test:compose, which needs Docker, and npm run test:kubernetes, which downloads kubectl.
  testPathIgnorePatterns: ['/node_modules/', '/deploy/test/', '/deploy/kubernetes/'],
});
