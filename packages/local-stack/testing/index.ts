export { freePorts } from '../src/ports.ts';
export { testDatabases, stopTestDatabases } from './databases.ts';
export { root, startTestSystem, testServers, type TestSystem } from './system.ts';
