import { expect } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { notesFaultsSql } from '../stored-notes.ts';
import { startService, type Service } from '../service.ts';
import { expectAgreement } from './agreement.ts';
import { createDevice } from './device.ts';
import { createNotesModel } from './notes-model.ts';
import { sequencesOf, type Operation } from './operations.ts';
import { requestOf } from './requests.ts';
import { carryOut, unknownId } from './session.ts';

// Small, so that sequences reach them.
const limits = { notes: 5, bytes: 2_500, versionsPerNote: 2 };

export const startLimitedService = (beside?: Service) => startService({ limits, ...(beside && { beside }) });

/**
 * Carries out random sequences of operations, each for a new user. Returns the smallest one whose results differ from those
 * of the model; an empty text if there is none.
 */
export async function firstDisagreement(
  service: Service,
  { seed, count }: { seed: number; count: number },
): Promise<string> {
  const sequences = sequencesOf({ minLength: 1, maxLength: 14 });
  const property = fc.asyncProperty(sequences, (operations) => runSequence(service, operations));
  const details = await fc.check(property, { seed, numRuns: count, includeErrorInReport: true });
  return fc.defaultReportMessage(details) ?? '';
}

async function runSequence(service: Service, operations: Operation[]): Promise<void> {
  const user = service.newUser();
  const model = createNotesModel(limits, () => service.time.now);
  const session = { service, user, model, ids: [], device: createDevice() };
  for (const given of operations) await carryOut(session, given);
  await expectAgreement(session);
}

/** Lets clients of one user send random operations at once. Returns what is wrong in the tables afterwards. */
export async function faultsAfterRaces(
  instances: Service[],
  { seed, clients, each }: { seed: number; clients: number; each: number },
): Promise<string[]> {
  const user = instances[0]!.newUser();
  const ids: string[] = [];
  const statuses = new Set<number>();
  const sequences = fc.sample(sequencesOf({ minLength: each, maxLength: each }), { seed, numRuns: clients });
  await Promise.all(
    sequences.map(async (operations, index) => {
      const here = instances[index % instances.length]!.userHere(user);
      for (const given of operations) {
        const id = ids[('note' in given ? given.note : 0) % Math.max(1, ids.length)] ?? unknownId;
        const request = requestOf(given, { id, ifMatch: undefined });
        if (request === undefined) continue;
        const { status, body } = await here.call(request.method, request.path, request);
        statuses.add(status);
        if (status === 201) ids.push(body.id);
      }
    }),
  );
  expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  return storedFaults(instances[0]!);
}

/** What is wrong in the tables of a service. */
async function storedFaults({ databaseUrl }: Service): Promise<string[]> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ fault: string }>(notesFaultsSql, [limits.versionsPerNote, true]);
  await database.end();
  return rows.map(({ fault }) => fault);
}
