import { parseArgs } from 'node:util';
import {
  startTestSystem,
  stopTestDatabases,
  testDatabases,
  type TestSystem,
} from '@polyglot-notes/local-stack/testing';
import { OptionError } from './option-error.ts';
import { writeReport, type Report } from './report.ts';

/** Starts a whole system with the given settings. It is stopped after the measurement. */
export type StartSystem = (settings?: Record<string, string>) => Promise<TestSystem>;

type Options = Record<string, number | readonly number[]>;

interface Definition<Values extends Options> {
  options: Values;
  /** The options with which it takes least time. The numbers mean nothing then. */
  smallest: Values;
  measure: (options: Values, startSystem: StartSystem) => Promise<Report>;
}

// Logs are written, limits count but refuse nobody, no token expires, and the gateway waits on a busy machine too.
const asInProduction = {
  LOG_LEVEL: 'info',
  RATE_LIMIT_MAX: '1000000',
  RATE_LIMIT_AUTH_MAX: '1000000',
  RATE_LIMIT_REFRESH_MAX: '1000000',
  RATE_LIMIT_WINDOW_MS: '1000',
  ACCESS_TOKEN_TTL_SECONDS: '86400',
  UPSTREAM_TIMEOUT_MS: '60000',
};

export type Measurement = ReturnType<typeof defineMeasurement<Options>>;

/** A measurement whose options are the numbers, or lists of numbers, of `options`. */
export const defineMeasurement = <Values extends Options>({
  options,
  smallest,
  measure,
}: Definition<Values>) => ({
  /** Runs it with the options of the command line, and writes its results. */
  run: (name: string): Promise<void> =>
    withSystems(async (startSystem) => writeReport(name, await measure(readOptions(options), startSystem))),

  /** Runs it with the smallest options, and writes its results to a folder. */
  tryOut: async (name: string, startSystem: StartSystem, folder: URL): Promise<void> =>
    writeReport(name, await measure(smallest, startSystem), folder),
});

/** Stops all systems that the work starts. */
export async function withSystems(work: (startSystem: StartSystem) => Promise<void>): Promise<void> {
  const systems: TestSystem[] = [];
  try {
    await work(async (settings) => {
      const system = await startTestSystem(await testDatabases(), { ...asInProduction, ...settings });
      systems.push(system);
      return system;
    });
  } finally {
    for (const system of systems) await system.close();
    await stopTestDatabases();
  }
}

function readOptions<Values extends Options>(defaults: Values): Values {
  const { values } = parseArgs({
    options: Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }])),
  });
  const given = Object.entries(values).map(([name, text]) => {
    const numbers = String(text).split(',').map(Number);
    const isList = Array.isArray(defaults[name]);
    if (numbers.some((number) => !(number > 0)) || (!isList && numbers.length > 1))
      throw new OptionError(`--${name} must be a positive number${isList ? ', or several with commas' : ''}`);
    return [name, isList ? numbers : numbers[0]];
  });
  return { ...defaults, ...Object.fromEntries(given) };
}
