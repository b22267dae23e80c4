import { AsyncResource } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** Logs one line per request. The path is left out because it may contain a secret. */
export function accessLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    // Bound to this request, so that the line has its id.
    res.once(
      'close',
      AsyncResource.bind(() => {
        const route: unknown = req.route?.path;
        const { userId, upstream, isPolled } = res.locals;
        log[isPolled === true && res.statusCode < 400 ? 'debug' : 'info'](
          {
            method: req.method,
            route,
            upstream,
            status: res.headersSent ? res.statusCode : undefined,
            durationMs: Math.round((performance.now() - start) * 10) / 10,
            userId,
            ...(!res.writableFinished && { aborted: true }),
          },
          'request',
        );
      }),
    );
    next();
  };
}
