import type { Metrics } from '../process/metrics.ts';

interface Aging {
  ageMs(): number;
}

/** Adds the gauge `signing_keys_age_seconds`: the time since the public signing keys were read. */
export const signingKeyMetrics = (metrics: Metrics, keys: Aging): void =>
  ageGauge(metrics, 'signing_keys_age_seconds', 'Time since the public signing keys were read', keys);

/** Adds the gauge `revocation_feed_age_seconds`: the time since the list of revocations was current. */
export const revocationMetrics = (metrics: Metrics, revocations: Aging): void =>
  ageGauge(
    metrics,
    'revocation_feed_age_seconds',
    'Time since the revocation feed was read to its end',
    revocations,
  );

const ageGauge = (metrics: Metrics, name: string, help: string, aging: Aging) =>
  metrics.gauge({ name, help, ofWorkers: 'max', read: () => [{ value: aging.ageMs() / 1_000 }] });
