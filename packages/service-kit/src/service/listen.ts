import { once } from 'node:events';
import type { Server } from 'node:http';
import { errorCode } from '../process/error-code.ts';
import { StartError } from '../process/start-error.ts';

/** Listens on a port. Throws a StartError when that is not possible. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const reason = String(errorCode(cause) ?? cause);
    throw new StartError(`Cannot listen on port ${port} of ${host} (${reason}).`, { cause });
  }
}
