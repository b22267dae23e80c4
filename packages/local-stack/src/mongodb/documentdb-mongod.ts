#!/usr/bin/env node
// A mongod that is DocumentDB: it takes mongod's options, prints mongod's line when it is ready, and speaks its protocol.
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  strict: false,
  options: {
    version: { type: 'boolean' },
    port: { type: 'string', default: '27017' },
    dbpath: { type: 'string' },
    bind_ip: { type: 'string', default: '127.0.0.1' },
    storageEngine: { type: 'string' },
    programs: { type: 'string' }, // ours: the folder with PostgreSQL and DocumentDB
    volatile: { type: 'boolean' }, // ours: need not survive a power cut
  },
});

if (values.version) console.log('db version v8.0.0');
else {
  const { runServer } = await import('@polyglot-notes/documentdb-gateway');
  const { startPostgresServer } = await import('../postgres/server.ts');
  const { serverUser } = await import('../servers/user.ts');
  await runServer({
    port: Number(values.port),
    host: String(values.bind_ip),
    folder: String(values.dbpath),
    bin: String(values.programs),
    durable: !values.volatile,
    postgres: { account: serverUser(), start: startPostgresServer },
  });
}
