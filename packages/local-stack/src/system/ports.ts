import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError, errorCode } from '@polyglot-notes/service-kit';
import { portNames, type PortName, type Settings } from './settings.ts';

/** Throws a StartError that names the first port which is taken, or which two parts of the system share. */
export async function checkPorts(settings: Settings): Promise<void> {
  const taken = new Map<number, PortName>();
  for (const name of portNames) {
    if (name === 'MONGODB_PORT' && settings.MONGODB_URL !== undefined) continue;
    const port = settings[name];
    if (port === undefined) continue;
    const other = taken.get(port);
    if (other !== undefined)
      throw new StartError(`${other} and ${name} are both ${port}: give one of them another port in .env.`);
    taken.set(port, name);
    const reason = await whyNotFree(port, settings.HOST);
    if (reason !== undefined) {
      throw new StartError(
        `Port ${port} ${reason}: stop the program that uses it, or set ${name} to another port in .env.`,
      );
    }
  }
}

async function whyNotFree(port: number, host: string): Promise<string | undefined> {
  for (const address of new Set(['127.0.0.1', host])) {
    const server = createServer();
    try {
      server.listen(port, address);
      await once(server, 'listening');
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') return 'is in use';
      if (code === 'EACCES') return 'is reserved for root';
      throw new StartError(
        `HOST=${address} is not an address of this machine that can be listened on (${String(code)}).`,
      );
    } finally {
      server.close();
    }
  }
  return undefined;
}
