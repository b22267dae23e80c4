import { once } from 'node:events';
import type { Server } from 'node:http';
import { errorCode } from '../process/error-code.ts';
import { StartError } from '../process/start-error.ts';

/** Listens on the port that a setting gives. Throws a StartError that names both when that is not possible. */
export async function listen(
  server: Server,
  { setting, port, host }: { setting: 'PORT' | 'METRICS_PORT'; port: number; host: string },
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const reason = String(errorCode(cause) ?? cause);
    throw new StartError(`Cannot listen on ${setting}=${port} of ${host} (${reason}).`, { cause });
  }
}
