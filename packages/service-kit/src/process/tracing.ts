import type { Logger } from './logging.ts';

type Attributes = Record<string, string | number>;

/** A part of a request, or of background work, that is traced. */
export interface Span {
  traceId: string;
  /** The header by which another service continues the trace (W3C Trace Context). */
  traceparent: string;
  /** Begins a part of this part: a call of another service or of a database. */
  child(name: string, attributes?: Attributes): Span;
  /** Ends it. `name` replaces the first name, which was given before the route was known. */
  end(outcome?: { name?: string; attributes?: Attributes; error?: unknown }): void;
}

/** A header as Node has it. */
export type Header = string | string[] | undefined;

export interface Tracing {
  /** Begins a trace. Undefined when the sampling leaves it out. The caller's own `traceparent` becomes a link. */
  begin(traceparent: Header): Span | undefined;
  /** Continues the trace of the service that calls. Undefined when it has none. */
  resume(traceparent: Header): Span | undefined;
  /** Begins the trace of background work. Undefined when the sampling leaves it out. `cause`, a `traceparent`, becomes a link. */
  start(name: string, cause?: string): Span | undefined;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

export interface TracingOptions {
  service: string;
  /** The collector; undefined when nothing is traced. */
  endpoint: string | undefined;
  /** The share of traces that are begun, 0 to 1. */
  ratio?: number;
  log: Logger;
}

/** Undefined without an endpoint: then nothing of OpenTelemetry's SDK is loaded. */
export async function createTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import('./open-telemetry.ts');
  return startTracing({ ...options, endpoint });
}
