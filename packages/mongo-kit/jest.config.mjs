import { project } from '../../jest.base.mjs';

export default project('mongo-kit', { databases: true });
