import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** Logs one line per request. The path is left out because it may contain a secret. */
export function accessLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    res.once('close', () => {
      const route: unknown = req.route?.path;
      const { userId, upstream, isPolled } = res.locals;
      log[isPolled === true && res.statusCode < 400 ? 'debug' : 'info'](
        {
          // The event can belong to another request of the connection, or to none.
          requestId: req.headers['x-request-id'],
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
    });
    next();
  };
}
