/** Why a service cannot start, in words for the person who starts it: shown alone, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
