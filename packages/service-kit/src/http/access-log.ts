import { AsyncResource } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * One line for each request, when it is over: method, route pattern, status, duration in milliseconds, user id.
 * The path itself is left out, for it may hold a secret. A client that went away first has `aborted: true`. A good
 * answer of a route that is asked for all the time is a line for `debug`.
 */
export function accessLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    // Bound, so that the line keeps the request's id whatever emits the event.
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
