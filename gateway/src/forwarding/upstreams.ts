import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import {
  atEndOfTurn,
  breakOff,
  hasBody,
  type Metrics,
  Problem,
  problems,
  RotatingAgent,
  takeContinue,
} from '@polyglot-notes/service-kit';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { byService, type ServiceName, type ServiceUrls } from '../services.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { compressWhereItPays } from './compression.ts';
import { responseHeaders } from './headers.ts';
import { longCallOf } from './long-calls.ts';
import { createSilenceWatch } from './silence.ts';
import { isUnavailable, upstreamProblem } from './upstream-problem.ts';
import { createUpstreamMetrics } from './upstreams.metrics.ts';

export interface UpstreamOptions {
  serviceUrls: ServiceUrls;
  upstreamTimeoutMs: number;
  upstreamLongTimeoutMs: number;
  metrics: Metrics;
}

/** A request on its way to a service. */
interface Forwarded {
  /** The headers of the response beside those of the service, as names and values in turn. */
  headers: readonly string[];
  onAnswer(answer: IncomingMessage): void;
  onFault(error: unknown): void;
  /** Ends the watch for a silent service. Undefined until the request has a connection. */
  stopWatching?: () => void;
}

export type SendOn = (
  service: ServiceName,
  req: IncomingMessage,
  res: ServerResponse,
  options: { headers: readonly string[]; fail: (error: unknown) => void },
) => void;

/**
 * Creates a function that streams a request to a service, and its response to the client. `fail` gets the problem if there is
 * none. Throws `service_unavailable` when the service must not be called.
 */
export function createUpstreams({
  serviceUrls,
  upstreamTimeoutMs: connectMs,
  upstreamLongTimeoutMs: longMs,
  metrics,
}: UpstreamOptions): SendOn {
  const agent = new RotatingAgent();
  const watchForSilence = createSilenceWatch(connectMs);
  // Not a Map: V8 links its former tables, so one of them in the old generation keeps all later requests until a full collection.
  const inProgress = new WeakMap<IncomingMessage, Forwarded>();
  let count = 0;
  /** Takes a step of a request together with the same steps of others, or at once if it is alone. */
  const withOthers = (step: () => void) => (count > 1 ? atEndOfTurn(step) : step());

  const proxyTo = (target: string) =>
    createProxyMiddleware({
      target: targetOf(target),
      agent,
      // The headers of a response are written in one step.
      selfHandleResponse: true,
      ejectPlugins: true,
      plugins: [
        (proxy) => {
          proxy.on('proxyReq', (proxyReq, req, res) => {
            const silenceMs = longCallOf(req) === undefined ? connectMs : longMs;
            const forwarded = inProgress.get(req);
            if (forwarded !== undefined)
              forwarded.stopWatching = watchForSilence({ proxyReq, req, res, silenceMs });
            sendHeadFirst(proxyReq, req);
          });
          proxy.on('proxyRes', (proxyRes, req, res) => {
            const forwarded = inProgress.get(req);
            forwarded?.onAnswer(proxyRes);
            proxyRes.once('error', () => breakOff(res));
            withOthers(() => {
              // Meanwhile the client may have left, or the rest of the response may be a fault.
              if (res.closed || res.headersSent) return;
              compressWhereItPays(req, res, proxyRes);
              // Without its reason phrase, which Node lets pass unchecked and refuses to send.
              res.writeHead(proxyRes.statusCode ?? 502, responseHeaders(proxyRes, forwarded?.headers ?? []));
              carry(proxyRes, res);
            });
          });
          proxy.on('error', (error, req) => req && inProgress.get(req)?.onFault(error));
        },
      ],
    });
  const upstreams = byService(({ name }) => ({
    breaker: createCircuitBreaker(),
    proxy: proxyTo(serviceUrls[name]),
  }));

  const { recordAnswer, countFault } = createUpstreamMetrics(metrics, (name) =>
    upstreams[name].breaker.isOpen(),
  );

  return (service, req, res, { headers, fail }) => {
    // The client has left while its request was counted.
    if (res.closed) return;
    const { breaker, proxy } = upstreams[service];
    const attempt = breaker.begin();
    if (attempt === undefined) {
      countFault(service, 'circuit_open');
      throw new Problem(problems.serviceUnavailable, { cause: breaker.lastFault() });
    }
    const start = performance.now();
    let answer: IncomingMessage | undefined;
    const forwarded: Forwarded = {
      headers,
      onAnswer(given) {
        answer = given;
        attempt.answered();
        recordAnswer(service, start);
      },
      onFault(error) {
        // The service has answered before the end of the body, and reads no more of it.
        if (answer?.complete) return;
        if (isUnavailable(error)) attempt.failed(error);
        const problem = upstreamProblem(error);
        countFault(service, problem);
        fail(problem);
      },
    };
    inProgress.set(req, forwarded);
    count++;
    res.once('close', () => {
      inProgress.delete(req);
      count--;
      forwarded.stopWatching?.();
    });
    withOthers(() => {
      if (!res.closed) void proxy(req, res);
    });
  };
}

// Node's types do not know the request of a response.
type Answer = IncomingMessage & { req: ClientRequest };

/** Streams a response to the client. Node's `pipe` adds seven listeners to do so. */
function carry(answer: IncomingMessage, res: ServerResponse): void {
  let hasPaused = false;
  answer.on('data', (chunk: Buffer) => {
    if (res.write(chunk)) return;
    answer.pause();
    if (hasPaused) return;
    hasPaused = true;
    // While its end is not read, nobody sees that the service has closed the connection. So it serves no other request.
    (answer as Answer).req.shouldKeepAlive = false;
    res.on('drain', () => answer.resume());
  });
  answer.once('end', () => res.end());
}

/** A target that the proxy need not parse for each request. */
function targetOf(url: string) {
  const { protocol, hostname, port, pathname } = new URL(url);
  // A name server does not know the brackets of an IPv6 address.
  return { protocol, hostname: hostname.replaceAll(/[[\]]/g, ''), port, pathname };
}

/** Lets the service decide about the body before any of it arrives, also for a client that waits for 100 (Continue). */
function sendHeadFirst(proxyReq: ClientRequest, req: IncomingMessage): void {
  const sendContinue = takeContinue(req);
  if (sendContinue !== undefined) {
    proxyReq.setHeader('Expect', '100-continue');
    proxyReq.once('continue', sendContinue);
  }
  if (hasBody(req)) proxyReq.flushHeaders();
}
