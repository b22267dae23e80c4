export type PostgresOptions = {
  /** How messages call this server, such as "PostgreSQL". */
  name: string;
  /** Folder with `initdb` and `postgres`. */
  bin: string;
  dataDir: string;
  port: number;
  /** Arguments of initdb beside the data folder, encoding and locale. */
  initdb: string[];
  /** Password of the superuser, for an initdb with password authentication. */
  password?: string;
  settings: Record<string, string>;
  /** False for tests: faster, but the data may not survive a power cut. */
  durable: boolean;
};
