export type { PostgresHost } from './engine.ts';
export { runServer, type ServerOptions } from './server.ts';
export { installDocumentdb, installedName, programsFolder } from './setup/programs.ts';
