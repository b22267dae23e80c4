import { postgresPrograms } from './programs.ts';
import { type PostgresServer, startPostgresServer } from './server.ts';

// For an SSD, and for a database that fits into the memory of a developer's machine. The buffers are taken when needed.
const performance = {
  random_page_cost: '1.1',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
};

export type PostgresStart = {
  dataDir: string;
  port: number;
  /** Password of the superuser `postgres`; the password of the first start stays valid. */
  password: string;
  cacheDir: string;
  progress: (line: string) => void;
  /** False for tests: faster, but the data may not survive a power cut. */
  durable?: boolean;
};

/**
 * Starts PostgreSQL on 127.0.0.1, creates its data folder on first use, and resolves with its URL when it
 * accepts connections. Throws one sentence on failure.
 */
export async function startPostgres(options: PostgresStart): Promise<PostgresServer & { url: string }> {
  const { port, password, dataDir, durable = true } = options;
  const server = await startPostgresServer({
    name: 'PostgreSQL',
    bin: await postgresPrograms(options.cacheDir, options.progress),
    dataDir,
    port,
    password,
    initdb: ['--auth=scram-sha-256'],
    settings: {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      ...performance,
    },
    durable,
  });
  return {
    ...server,
    url: postgresUrl({ port, password }, 'postgres'),
  };
}

/** The URL of a database on this server. */
export const postgresUrl = (
  { port, password }: Pick<PostgresStart, 'port' | 'password'>,
  database: string,
): string => `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
