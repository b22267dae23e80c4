export { createAccessLog } from './http/access-log.ts';
export { checkRequest } from './http/request-checks.ts';
export { baseApp, commonHeaders, forwardedByGateway, noSuchRoute } from './http/base-app.ts';
export { giveRequestId } from './http/request-id.ts';
export { createRequestMetrics } from './http/request-metrics.ts';
export { serviceApp } from './service/service-app.ts';
export { backgroundWork, type BackgroundWork } from './process/background-work.ts';
export {
  createAccessTokenVerifier,
  type AccessTokenUser,
  type VerifyAccessToken,
} from './tokens/access-token.ts';
export {
  createInternalClient,
  ServiceRefusalError,
  ServiceUnreachableError,
  type InternalClient,
} from './internal/internal-client.ts';
export { clockToleranceSeconds, maxAccessTokenSeconds, revocationRetentionSeconds } from './tokens/jwt.ts';
export { createKeySet, type KeySet } from './tokens/key-set.ts';
export {
  createRelay,
  newDelivery,
  type Delivery,
  type Failure,
  type Outbox,
  type Relay,
} from './internal/relay.ts';
export { classifyDeliveryFailure, DivergedError, NotReadyError } from './internal/delivery-failures.ts';
export { createRevocationList, type RevocationList } from './internal/revocation-list.ts';
export type { Answer, Peer } from './process/peer.ts';
export { primary } from './process/primary.ts';
export { atEndOfTurn } from './process/end-of-turn.ts';
export { singleFlight } from './process/single-flight.ts';
export { createMetrics, type Metrics } from './process/metrics.ts';
export { createLogger, type Logger } from './process/logging.ts';
export { createServiceTokenVerifier, type VerifyServiceToken } from './tokens/service-token.ts';
export {
  env,
  internalCallsEnv,
  pairSecrets,
  processEnv,
  readEnv,
  serviceUrl,
  tokenEnv,
} from './process/config.ts';
export {
  deliveriesRoutes,
  type PendingDeliveries,
  type PendingDelivery,
} from './internal/deliveries.routes.ts';
export { deliveriesMetrics } from './internal/deliveries.metrics.ts';
export { revocationMetrics, signingKeyMetrics } from './internal/age.metrics.ts';
export { retryOnConflict } from './problems/retry-on-conflict.ts';
export { errorCode, errorMessage } from './process/error-code.ts';
export type { ClientDetails } from './http/client-details.ts';
export { createHttpServer } from './http/http-server.ts';
export { escapeHtml } from './http/escape-html.ts';
export { healthRoutes, keysLoaded, revocationsLoaded } from './service/health.ts';
export { parsePlainUrl } from './process/plain-url.ts';
export { Problem, problems, problemType } from './problems/problem.ts';
export { awaitsContinue, takeContinue } from './http/expect-continue.ts';
export {
  cursorMatches,
  decodeCursor,
  encodeCursor,
  flag,
  invalidCursor,
  listQuery,
  pageLimit,
  pageOf,
  readPage,
  TimePosition,
} from './http/paging.ts';
export { minBytesPerSecond } from './http/connection.ts';
export { bearerToken } from './http/bearer-token.ts';
export { instant } from './http/instant.ts';
export { mountRoutes } from './http/mount.ts';
export { openApiDocument, type OpenApiDocument } from './openapi/document.ts';
export { breakOff } from './problems/break-off.ts';
export { createSendError, problemJson, problemMembers } from './problems/problem-json.ts';
export { ProblemBody } from './openapi/responses.ts';
export { currentRequestId, currentSpan, currentWork } from './process/request-scope.ts';
export { traceWork } from './process/trace-work.ts';
export { createTracing, type Tracing } from './process/tracing.ts';
export { requestOutcome } from './http/request-outcome.ts';
export { RotatingAgent } from './internal/rotating-agent.ts';
export { hasBody } from './http/read-body.ts';
export { entityTag, JsonText } from './http/json-text.ts';
export { route, stream, type NamedLimit, type Route, type StreamedBody } from './http/route.ts';
export { runService, type ServiceContext } from './service/lifecycle.ts';
export type { Shutdown } from './service/shutdown.ts';
export { runCommand } from './process/run-command.ts';
export { StartError } from './process/start-error.ts';
export { textTable } from './process/text-table.ts';
export { invisibleCharacters, isVisible, text, visiblePattern, visibleText } from './http/text.ts';
export { Email } from './http/email.ts';
export { Username } from './http/username.ts';
export { parsePart } from './http/validation.ts';
export { within } from './process/within.ts';
export { version } from './process/version.ts';
