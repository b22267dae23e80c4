import { project } from '../jest.base.mjs';

export default project('auth-service', { databases: true });
