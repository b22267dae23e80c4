// A start of its own that a test can kill: node start-and-wait.ts postgres|documentdb <folder> <port>
import { documentdbPrograms, startDocumentdb } from '../../src/mongodb/documentdb.ts';
import { startPostgres } from '../../src/postgres/postgres.ts';
import { cacheDir } from '../../src/servers/state-folders.ts';

const [kind, folder = '', port] = process.argv.slice(2);
const cache = cacheDir(process.env);
const quiet = () => {};

if (kind === 'postgres')
  await startPostgres({
    dataDir: folder,
    port: Number(port),
    password: 'p',
    cacheDir: cache,
    progress: quiet,
  });
else {
  const bin = await documentdbPrograms(cache, quiet);
  await startDocumentdb({ folder, port: Number(port), bin, durable: true });
}
console.log('started');
setInterval(() => {}, 60_000);
