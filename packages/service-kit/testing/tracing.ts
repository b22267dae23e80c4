import type { Header, Span, Tracing } from '../src/process/tracing.ts';

interface Ended {
  name: string;
  /** The `traceparent` with which the first span of its trace was begun. */
  of: Header;
  outcome: Parameters<Span['end']>[0];
}

/** Tracing that samples everything, and the spans that have ended. A span has the `traceparent` that began its trace. */
export function recordTracing() {
  const ended: Ended[] = [];
  const spanOf = (of: Header, name: string): Span => ({
    traceId: 'c'.repeat(32),
    traceparent: `of ${String(of)}`,
    child: (part) => spanOf(of, part),
    end: (outcome) => void ended.push({ name, of, outcome }),
  });
  const tracing: Tracing = {
    begin: (traceparent) => spanOf(traceparent, 'request'),
    resume: (traceparent) => (traceparent === undefined ? undefined : spanOf(traceparent, 'request')),
    start: (name, cause) => spanOf(cause, name),
    close: async () => {},
  };
  return { tracing, ended };
}
