import { AsyncResource } from 'node:async_hooks';
import type { ClientRequest, IncomingMessage } from 'node:http';
import {
  awaitsContinue,
  breakOff,
  hasBody,
  Problem,
  problems,
  RotatingAgent,
  takeContinue,
} from '@polyglot-notes/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { byService, type ServiceUrls } from '../services.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { destination } from './destination.ts';
import { longCallOf } from './long-calls.ts';
import { keepOwnHeaders, overwriteForwardedHeaders, removeHopByHopHeaders } from './headers.ts';
import { ConnectTimeout, isUnavailable, UpstreamTimeout, upstreamProblem } from './upstream-problem.ts';

interface ForwardingOptions {
  serviceUrls: ServiceUrls;
  upstreamTimeoutMs: number;
  upstreamLongTimeoutMs: number;
  addressOf: (req: IncomingMessage) => string | undefined;
}

/** Streams each request to the service that its path belongs to. Other requests go to the next handler. */
export function forwarding({
  serviceUrls,
  upstreamTimeoutMs: connectMs,
  upstreamLongTimeoutMs: longMs,
  addressOf,
}: ForwardingOptions): RequestHandler {
  const agent = new RotatingAgent({ timeout: 60_000 });
  const inProgress = new WeakMap<
    IncomingMessage,
    { onAnswer(answer: IncomingMessage): void; onFault(error: unknown): void }
  >();

  const upstream = (target: string) => ({
    breaker: createCircuitBreaker(),
    proxy: createProxyMiddleware<Request, Response>({
      target,
      agent,
      on: {
        proxyReq: (proxyReq, req, res) => {
          const silenceMs = longCallOf(req) === undefined ? connectMs : longMs;
          limitSilence(proxyReq, req, res, { connectMs, silenceMs });
          sendHeadFirst(proxyReq, req);
        },
        proxyRes: (proxyRes, req, res) => {
          inProgress.get(req)?.onAnswer(proxyRes);
          proxyRes.once('error', () => breakOff(res));
          keepOwnHeaders(proxyRes, res);
        },
        error: (error, req) => inProgress.get(req)?.onFault(error),
      },
    }),
  });
  const upstreams = byService(({ name }) => upstream(serviceUrls[name]));

  return async (req, res, next) => {
    const service = destination(req.originalUrl);
    if (service === undefined) {
      next();
      return;
    }
    res.locals['upstream'] = service;
    const { breaker, proxy } = upstreams[service];
    const attempt = breaker.begin();
    if (attempt === undefined) throw new Problem(problems.serviceUnavailable, { cause: breaker.lastFault() });
    let complete = () => false;
    inProgress.set(req, {
      onAnswer: (answer) => {
        complete = () => answer.complete;
        attempt.answered();
      },
      // Bound to this request: a pooled connection emits errors in the context of the request that opened it.
      onFault: AsyncResource.bind((error: unknown) => {
        // The service has answered before the end of the body, and reads no more of it.
        if (complete()) return;
        if (isUnavailable(error)) attempt.failed(error);
        next(upstreamProblem(error));
      }),
    });
    const address = addressOf(req);
    removeHopByHopHeaders(req);
    overwriteForwardedHeaders(req, address);
    await proxy(req, res, next);
  };
}

/** Aborts the request when the service is silent for too long: while it connects, reads, or responds. */
function limitSilence(
  proxyReq: ClientRequest,
  req: Request,
  res: Response,
  { connectMs, silenceMs }: { connectMs: number; silenceMs: number },
): void {
  const { socket } = proxyReq;
  if (socket === null) return;
  const waitsForBody = () => !req.complete && !proxyReq.writableNeedDrain && !awaitsContinue(req);
  const waitsForClient = () => !socket.connecting && (res.writableNeedDrain || waitsForBody());
  const restartTimer = () => socket.setTimeout(socket.connecting ? connectMs : silenceMs);
  const onSilence = () => {
    const { bytesRead, bytesWritten } = socket;
    // What has arrived meanwhile, from the service or from the client, is read first.
    setImmediate(() => {
      const isActive = socket.bytesRead > bytesRead || socket.bytesWritten > bytesWritten;
      if (waitsForClient() || isActive) restartTimer();
      else proxyReq.destroy(socket.connecting ? new ConnectTimeout() : new UpstreamTimeout());
    });
  };
  restartTimer().on('timeout', onSilence).once('connect', restartTimer);
  // After the client has caught up, the time of the service starts anew.
  res.on('drain', restartTimer);
  proxyReq.once('close', () => {
    res.off('drain', restartTimer);
    socket.off('timeout', onSilence).off('connect', restartTimer);
  });
}

/** Lets the service decide about the body before any of it arrives, also for a client that waits for 100 (Continue). */
function sendHeadFirst(proxyReq: ClientRequest, req: Request): void {
  const sendContinue = takeContinue(req);
  if (sendContinue !== undefined) {
    proxyReq.setHeader('Expect', '100-continue');
    proxyReq.once('continue', sendContinue);
  }
  if (hasBody(req)) proxyReq.flushHeaders();
}
