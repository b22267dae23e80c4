import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as OtelSpan,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Logger } from './logging.ts';
import type { Header, Span, Tracing, TracingOptions } from './tracing.ts';

type Options = TracingOptions & { endpoint: string };

// Repeats included. A service that stops waits as long for a collector that is unavailable.
const sendMs = 2_000;

/** Sends spans to an OpenTelemetry collector. Nothing of Node or Express is instrumented: it would double the cost of a request. */
export function startTracing({ service, endpoint, ratio = 1, log }: Options): Tracing {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: sendMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: withLog(exporter, log) })],
  });
  const tracer = provider.getTracer('polyglot-notes');

  function startRoot(name: string, kind: SpanKind, cause: Header): Span | undefined {
    const linked = parse(cause);
    const links = linked === undefined ? [] : [{ context: linked }];
    const span = tracer.startSpan(name, { kind, links }, ROOT_CONTEXT);
    return span.isRecording() ? toSpan(tracer, span) : undefined;
  }

  return {
    begin: (traceparent) => startRoot('request', SpanKind.SERVER, traceparent),
    start: (name, cause) => startRoot(name, SpanKind.INTERNAL, cause),
    resume(traceparent) {
      const caller = parse(traceparent);
      if (caller === undefined || !isSampled(caller.traceFlags)) return undefined;
      const parent = trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true });
      return toSpan(tracer, tracer.startSpan('request', { kind: SpanKind.SERVER }, parent));
    },
    // What fails has been logged.
    close: () => provider.shutdown().catch(() => {}),
  };
}

function toSpan(tracer: Tracer, span: OtelSpan): Span {
  const { traceId, spanId } = span.spanContext();
  const context: Context = trace.setSpan(ROOT_CONTEXT, span);
  return {
    traceId,
    traceparent: `00-${traceId}-${spanId}-01`,
    child: (name, attributes = {}) =>
      toSpan(tracer, tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, context)),
    end({ name, attributes = {}, error } = {}) {
      if (name !== undefined) span.updateName(name);
      span.setAttributes(attributes);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

// https://www.w3.org/TR/trace-context/#traceparent-header; a later version may have more behind the flags.
const pattern = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/;

function parse(traceparent: Header): SpanContext | undefined {
  const [, traceId, spanId, flags] = pattern.exec(String(traceparent)) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16) };
}

const isSampled = (flags: number) => (flags & TraceFlags.SAMPLED) !== 0;

/** The same exporter, which logs the first of several failures. */
function withLog(exporter: SpanExporter, log: Logger): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !isFailing) log.warn({ err: result.error }, 'traces cannot be sent');
        isFailing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
