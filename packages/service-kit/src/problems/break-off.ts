import type { ServerResponse } from 'node:http';

/** Resets the connection of an unfinished response: HTTP/1.0 would take an orderly end for the end of the body. */
export function breakOff(res: ServerResponse): void {
  if (res.socket === null) res.destroy();
  else res.socket.resetAndDestroy();
}
