import { project } from '../jest.base.mjs';

export default project('user-service', { databases: true });
