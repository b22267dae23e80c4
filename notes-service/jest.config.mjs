import { project } from '../jest.base.mjs';

export default project('notes-service', { databases: true });
