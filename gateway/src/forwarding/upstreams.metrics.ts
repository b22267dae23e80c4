import { Problem, type Metrics } from '@polyglot-notes/service-kit';
import { services, type ServiceName } from '../services.ts';

/** The codes of the problems that an upstream fault becomes, and `circuit_open` for a request that is not sent. */
const reasons = ['service_unavailable', 'gateway_timeout', 'bad_gateway', 'other', 'circuit_open'] as const;

/** Adds the metrics of the services behind the gateway. Returns functions that record the outcome of a request. */
export function createUpstreamMetrics(metrics: Metrics, isOpen: (service: ServiceName) => boolean) {
  const record = metrics.histogram({
    name: 'gateway_upstream_duration_seconds',
    help: 'Time from a request to the head of the response of a service',
    labelNames: ['upstream'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const count = metrics.counter({
    name: 'gateway_upstream_faults_total',
    help: 'Requests that a service has not answered, by reason',
    labelNames: ['upstream', 'reason'],
    initial: services.flatMap(({ name: upstream }) => reasons.map((reason) => ({ upstream, reason }))),
  });
  metrics.gauge({
    name: 'gateway_upstream_circuit_open',
    help: '1 while requests to the service are refused at once',
    labelNames: ['upstream'],
    ofWorkers: 'max',
    read: () =>
      services.map(({ name: upstream }) => ({ labels: { upstream }, value: isOpen(upstream) ? 1 : 0 })),
  });

  return {
    /** `start` is the `performance.now()` of the request. */
    recordAnswer: (upstream: ServiceName, start: number): void =>
      record({ upstream }, (performance.now() - start) / 1_000),
    countFault: (upstream: ServiceName, fault: unknown): void => {
      const code = fault instanceof Problem ? fault.type.code : fault;
      count({ upstream, reason: reasons.find((reason) => reason === code) ?? 'other' });
    },
  };
}
