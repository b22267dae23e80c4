import cluster from 'node:cluster';
import { createPeer, type Peer } from './peer.ts';

let peer: Peer | undefined;

/** In a worker process, the primary process. Undefined in a service that is a single process. */
export function primary(): Peer | undefined {
  if (!cluster.isWorker) return undefined;
  peer ??= connect();
  return peer;
}

function connect(): Peer {
  const created = createPeer((message) => process.send?.(message, () => {}));
  process.on('message', (message) => created.receive(message));
  return created;
}
