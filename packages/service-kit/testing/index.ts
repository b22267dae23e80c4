// What the tests of several services need: an issuer of access tokens that stands in for auth-service.
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import jwt from 'jsonwebtoken';

export const issuer = 'polyglot-notes';
export const audience = 'polyglot-notes';

/** An RSA key pair with its id and its public half as a JWK. */
export function makeSigningKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const kid = randomUUID();
  return {
    kid,
    publicKey,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}

/** An access token for `userId` as auth-service makes it; `overrides` change what is signed. */
export function signAccessToken(
  key: { kid: string; privateKey: KeyObject },
  userId: string,
  { header = {}, claims = {}, options = {} }: SignOverrides = {},
): string {
  return jwt.sign({ role: 'user', ...claims }, key.privateKey, {
    algorithm: 'RS256',
    header: { alg: 'RS256', typ: 'at+jwt', kid: key.kid, ...header },
    subject: userId,
    issuer,
    audience,
    expiresIn: 900,
    jwtid: randomUUID(),
    ...options,
  });
}

interface SignOverrides {
  header?: Partial<jwt.JwtHeader>;
  claims?: object;
  options?: jwt.SignOptions;
}

/** An issuer with one key, whose JWK Set is served over HTTP. */
export async function startTestIssuer() {
  const key = makeSigningKey();
  const server = await listening((_req, res) => {
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [key.jwk] }));
  });
  return {
    key,
    jwksUrl: `${serverUrl(server)}/.well-known/jwks.json`,
    tokenFor: (userId: string, overrides?: SignOverrides) => signAccessToken(key, userId, overrides),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A server for `app` that listens on a free port of 127.0.0.1. */
export async function listening(app: RequestListener): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** The URL of a server that listens on 127.0.0.1. */
export function serverUrl(server: { address(): unknown }): string {
  const address = server.address();
  if (typeof address === 'object' && address !== null && 'port' in address)
    return `http://127.0.0.1:${String(address.port)}`;
  throw new Error('The server does not listen on a TCP port');
}

/** The statuses of answers that came in any order, sorted. */
export const statuses = (answers: { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** The statuses to expect, sorted, when one of `count` requests wins and the others lose. */
export const oneWins = (count: number, won: number, lost: number): number[] => [
  won,
  ...Array.from({ length: count - 1 }, () => lost),
];

/** Waits until `check` is true. Throws when it is not after ten seconds. */
export async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  const givesUp = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > givesUp) throw new Error(`Waited in vain for ${check.toString()}`);
    await delay(20);
  }
}

/** A way to the server at `hostname` and `port` that a test can cut and mend; `host` is where it begins. */
export async function startTcpProxy({ hostname, port }: { hostname: string; port: string }) {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy()));
  let isCut = false;
  const server = createTcpServer((near) => {
    track(near);
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    track(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: new URL(serverUrl(server)).host,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend() {
      isCut = false;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** An HTTP answer as it came. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request on a connection of its own, with its path exactly as given, which clients with a URL parser change. */
export function send(
  baseUrl: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer | undefined } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}
