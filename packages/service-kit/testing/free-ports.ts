import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports of outgoing connections and of `listen(0)`, which begin at 32,768 on Linux, and above 10,080, which
// `fetch` refuses.
const firstPort = 10_100;
const blockSize = 100;
const blocks = 219;

let offset = Math.floor(Math.random() * blockSize);

/**
 * Returns `count` ports on which nothing listens. They stay free until a test uses them: no other program gets them by
 * chance, and each process of the tests chooses from its own block.
 */
export async function freePorts(count: number): Promise<number[]> {
  const block = firstPort + (process.pid % blocks) * blockSize;
  const ports: number[] = [];
  for (let tried = 0; tried < blockSize; tried++) {
    offset = (offset + 1) % blockSize;
    // Another call may move the offset meanwhile.
    const port = block + offset;
    if (await isFree(port)) ports.push(port);
    if (ports.length === count) return ports;
  }
  throw new Error(`There are no ${count} free ports from ${block} to ${block + blockSize - 1}.`);
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    await once(server.close(), 'close');
    return true;
  } catch {
    return false;
  }
}
