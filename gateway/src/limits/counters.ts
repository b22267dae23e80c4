import { primary, type Logger } from '@polyglot-notes/service-kit';
import { createPrimaryCounters } from './primary-counters.ts';
import { createSharedCounters, type SharedCounters } from './shared-counters.ts';

/** The counters that this process shares with other gateways or workers; undefined when it counts alone. */
export function createCounters(redisUrl: string | undefined, log: Logger): SharedCounters | undefined {
  const ownPrimary = primary();
  const ofWorkers = ownPrimary === undefined ? undefined : createPrimaryCounters(ownPrimary, log);
  return redisUrl === undefined ? ofWorkers : createSharedCounters(redisUrl, log, ofWorkers);
}
