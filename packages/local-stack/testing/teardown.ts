import { stopTestDatabases } from './databases.ts';

export default stopTestDatabases;
