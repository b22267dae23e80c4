// Loaded into a service before its own code: closes the connection in place of the answer to a request. The id of the request
// names the service: `cut.<service>.<anything>`. The request itself has been carried out by then.
import { ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';

const service = basename(dirname(dirname(process.argv[1] ?? '')));
const isCut = ({ headers }: ServerResponse['req']) => {
  const [word, victim] = String(headers['x-request-id']).split('.');
  return word === 'cut' && victim === service;
};

type WriteHead = (this: ServerResponse, ...args: unknown[]) => ServerResponse;

const prototype = ServerResponse.prototype as unknown as { writeHead: WriteHead };
const { writeHead } = prototype;
prototype.writeHead = function cutting(...args) {
  if (isCut(this.req)) this.socket?.destroy();
  return writeHead.apply(this, args);
};
