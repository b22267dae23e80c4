/** Sends a request as `fetch` does. `init` is what openapi-fetch passes on from `requestInitExt`. */
export type Send = (request: Request, init?: RequestInit) => Promise<Response>;

/** The result of `promise`, for which the caller waits only until `signal` aborts. */
export async function unlessAborted<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}

/** Creates a class like `Base` and a set of its requests whose body is a stream, which can be sent only once. */
export function createStreamRequests(Base: typeof Request) {
  const streamRequests = new WeakSet<Request>();
  class StreamAwareRequest extends Base {
    constructor(...[input, init]: ConstructorParameters<typeof Request>) {
      super(input, init);
      // Such a body requires `duplex`. Platforms that cannot send streams may not have the class.
      if (init && 'duplex' in init && init.body instanceof ReadableStream) streamRequests.add(this);
    }
  }
  return { Request: StreamAwareRequest, isStream: (request: Request) => streamRequests.has(request) };
}
