import { ServiceRefusalError, ServiceUnreachableError } from './internal-client.ts';
import type { Failure } from './relay.ts';

/** Another service cannot apply a change yet, for the reason given. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

/** Another service stores a different or later state than the one that was sent. Only an operator can decide. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** Classifies the failure of a delivery to another service: a refusal or a diverged state is permanent. */
export function classifyDeliveryFailure(error: unknown): Failure {
  const cause = error instanceof ServiceUnreachableError ? error.cause : error;
  const isExpected = error instanceof ServiceUnreachableError || error instanceof NotReadyError;
  const isRefusal = error instanceof ServiceRefusalError;
  const isPermanent = error instanceof DivergedError || (isRefusal && error.isFinal);
  const isPublic = (isExpected || isRefusal || isPermanent) && Error.isError(cause);
  return { isPermanent, isExpected, cause, publicReason: isPublic ? cause.message : 'internal error' };
}
