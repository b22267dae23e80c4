import type { Metrics } from '@polyglot-notes/service-kit';
import type { PasswordHasher } from './password-hasher.ts';

/** Adds the gauges of the operations on passwords that wait for a thread, and of how many may. */
export function passwordQueueMetrics(metrics: Metrics, { queue }: Pick<PasswordHasher, 'queue'>): void {
  metrics.gauge({
    name: 'password_queue_length',
    help: 'Operations on passwords that wait for a thread',
    ofWorkers: 'sum',
    read: () => [{ value: queue().length }],
  });
  metrics.gauge({
    name: 'password_queue_limit',
    help: 'Waiting operations on passwords above which more are refused',
    ofWorkers: 'sum',
    read: () => [{ value: queue().max }],
  });
}
