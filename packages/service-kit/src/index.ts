export { baseApp, noSuchRoute, serviceApp } from './service-app.ts';
export { backgroundWork, type BackgroundWork } from './background-work.ts';
export { createAccessTokenVerifier, type AccessTokenUser, type VerifyAccessToken } from './access-token.ts';
export {
  createInternalClient,
  ServiceRefusal,
  ServiceUnreachable,
  type InternalClient,
} from './internal-client.ts';
export { createKeySet, type KeySet } from './key-set.ts';
export { createRelay, newDelivery, TooEarly, type Delivery, type Relay } from './relay.ts';
export { createRevocations, type Revocations } from './revocations.ts';
export { createLogger, type Logger } from './logging.ts';
export { createServiceTokenVerifier, type VerifyServiceToken } from './service-token.ts';
export { env, processEnv, readEnv } from './config.ts';
export { deliveriesRoutes, type Marked, type OpenDeliveries } from './deliveries.routes.ts';
export { errorCode } from './error-code.ts';
export { escapeHtml } from './escape-html.ts';
export { healthRoutes, keysLoaded, revocationsLoaded } from './health.ts';
export { Problem, problems, problemType } from './problem.ts';
export { flag, invalidCursor, listQuery, pageOf, readPage } from './paging.ts';
export { bearerToken, mountRoutes } from './mount.ts';
export { openApiDocument, type OpenApiDocument } from './openapi.ts';
export { problemJson } from './problem-json.ts';
export { RotatingAgent } from './rotating-agent.ts';
export { route, type Route } from './route.ts';
export { runService, type ServiceContext } from './lifecycle.ts';
export { StartError } from './start-error.ts';
export { text } from './text.ts';
