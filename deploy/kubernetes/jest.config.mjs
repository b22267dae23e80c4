// npm run test:kubernetes: builds and checks the manifests, with kubectl and without a cluster.
import { project, run } from '../../jest.base.mjs';

export default { ...run, ...project('kubernetes') };
