/** The reason why a service cannot start, for the operator: printed without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
