import { project } from '../jest.base.mjs';

export default project('deploy', {
  // These need Docker: npm run test:compose.
  testPathIgnorePatterns: ['/node_modules/', '/deploy/test/'],
});
