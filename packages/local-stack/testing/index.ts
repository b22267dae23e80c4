export { testDatabases, stopTestDatabases } from './databases.ts';
export { startTestDocumentdb } from './documentdb.ts';
export { startInstancePairs, type InstancePairs } from './instance-pairs.ts';
export { checkOutRelease, releaseBefore } from './release.ts';
export {
  root,
  startNotesOn,
  startTestSystem,
  testServers,
  type TestServers,
  type TestSystem,
} from './system.ts';
export { cloneDatabase } from '../src/postgres/databases.ts';
