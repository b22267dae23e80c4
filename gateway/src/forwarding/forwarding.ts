import { AsyncResource } from 'node:async_hooks';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Problem, problems, RotatingAgent } from '@polyglot-notes/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { Context, ServiceName } from '../context.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { destination } from './destination.ts';
import { keepOwnHeaders, overwriteForwardedHeaders, removeHopByHopHeaders } from './headers.ts';
import { ConnectTimeout, isAway, UpstreamTimeout, upstreamProblem } from './upstream-problem.ts';

/** Streams each request on to the service that its path belongs to; leaves those of no service to the next handler. */
export function forwarding({
  services,
  upstreamTimeoutMs,
  addressOf,
}: Pick<Context, 'services' | 'upstreamTimeoutMs' | 'addressOf'>): RequestHandler {
  // Idle connections end after a minute, or a second before the service says that it ends them.
  const agent = new RotatingAgent({ timeout: 60_000 });
  const underWay = new WeakMap<IncomingMessage, { onAnswer(): void; onFault(error: unknown): void }>();

  const upstream = (target: string) => ({
    breaker: circuitBreaker(),
    proxy: createProxyMiddleware<Request, Response>({
      target,
      agent,
      on: {
        proxyReq: (proxyReq, req, res) => limitSilence(proxyReq, req, res, upstreamTimeoutMs),
        proxyRes: (proxyRes, req, res) => {
          underWay.get(req)?.onAnswer();
          keepOwnHeaders(proxyRes, res);
        },
        error: (error, req) => underWay.get(req)?.onFault(error),
      },
    }),
  });
  const upstreams: Record<ServiceName, ReturnType<typeof upstream>> = {
    auth: upstream(services.auth),
    user: upstream(services.user),
    notes: upstream(services.notes),
  };

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
    underWay.set(req, {
      onAnswer: () => attempt.answered(),
      // Bound, because the fault may come up in the context of the request that opened the pooled connection.
      onFault: AsyncResource.bind((error: unknown) => {
        if (isAway(error)) attempt.failed(error);
        next(upstreamProblem(error));
      }),
    });
    const address = addressOf(req);
    removeHopByHopHeaders(req);
    overwriteForwardedHeaders(req, address);
    await proxy(req, res, next);
  };
}

/** Ends the request when the service is silent for too long, be it on connecting, reading, answering or in between. */
function limitSilence(proxyReq: ClientRequest, req: Request, res: Response, timeoutMs: number): void {
  const { socket } = proxyReq;
  if (socket === null) return;
  const isClientsTurn = () =>
    !socket.connecting && (res.writableNeedDrain || (!req.complete && !proxyReq.writableNeedDrain));
  const fromNowOn = () => socket.setTimeout(timeoutMs);
  const onSilence = () => {
    if (isClientsTurn()) fromNowOn();
    else proxyReq.destroy(socket.connecting ? new ConnectTimeout() : new UpstreamTimeout());
  };
  fromNowOn().on('timeout', onSilence);
  // When the client has read on, it is the service's turn from that moment, not since its last word.
  res.on('drain', fromNowOn);
  proxyReq.once('close', () => {
    res.off('drain', fromNowOn);
    socket.off('timeout', onSilence);
  });
}
