export { carryOut, parseCommand, usage, type Given } from './command.ts';
export { backupEnv, databaseEnv, readBackupSettings } from './config.ts';
export { databasesOf } from './databases.ts';
