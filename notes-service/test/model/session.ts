import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import type { Service, User } from '../service.ts';
import type { createDevice } from './device.ts';
import { dayMs, Refusal, shown, withDefaults, type NotesModel } from './notes-model.ts';
import type { Creation, ImportLine, Operation, Step } from './operations.ts';
import { contentOf, requestOf, timeOf, type Target } from './requests.ts';

type Device = ReturnType<typeof createDevice>;

/** A user of the service, and the model of what they have. */
export interface Session {
  service: Service;
  user: User;
  model: NotesModel;
  /** The ids of all notes that ever were. */
  ids: string[];
  /** A client that syncs now and then. */
  device: Device;
  /** The last creation with a key. */
  keyed?: Creation;
}

const trashDays = 30;
export const unknownId = '00000000-0000-4000-8000-000000000000';

/** Carries out an operation in the service and in the model, and expects the same answer. */
export async function carryOut(session: Session, given: Operation): Promise<void> {
  const { service, user, model, ids, keyed } = session;
  if (given.op === 'wait' || given.op === 'purge') {
    service.advance('ms' in given ? given.ms : given.days * dayMs);
    if (given.op === 'purge') {
      await service.runJob('purge of the trash');
      model.emptyTrash(new Date(service.time.now.getTime() - trashDays * dayMs).toISOString());
    }
    // A token is not valid for a day.
    session.user = service.userHere(user);
    return;
  }
  if (given.op === 'sync') {
    await session.device.sync(user);
    return;
  }
  if (given.op === 'repeat') {
    if (keyed !== undefined) await carryOut(session, keyed);
    return;
  }
  const target = {
    ...targetOf(session, given),
    ...('steps' in given && { steps: given.steps.map((step) => targetOf(session, step)) }),
    ...('lines' in given && { steps: given.lines.map((line) => targetOfLine(session, line)) }),
  };
  const { method, path, ...options } = requestOf(given, target)!;
  const answer = await user.call(method, path, options);
  const expected = outcomeOf(model, () => effect(model, given, target, answer));
  expect(comparable(answer, expected)).toEqual(expected);
  if (given.op === 'create' && given.key !== undefined) session.keyed = given;
  for (const { status, body } of [answer, ...(answer.body?.results ?? [])])
    if (status === 201 && !ids.includes(body.id)) ids.push(body.id);
  if (given.op === 'import')
    for (const { id } of target.steps ?? []) if (model.has(id) && !ids.includes(id)) ids.push(id);
}

/** The part of an answer that an outcome tells. */
function comparable({ status, body }: { status: number; body?: unknown }, expected: Outcome): unknown {
  if ('code' in expected) return { status, code: (body as { code?: string } | undefined)?.code };
  const results = (body as { results?: { status: number }[] } | undefined)?.results;
  const wanted = (expected.body as { results?: Outcome[] } | undefined)?.results;
  if (results === undefined || wanted === undefined) return { status, body };
  return { status, body: { results: results.map((result, index) => comparable(result, wanted[index]!)) } };
}

function targetOf({ ids, model }: Session, given: Operation | Step): Target {
  if (!('note' in given)) return { id: unknownId, ifMatch: undefined };
  const id = ids[given.note % Math.max(1, ids.length)] ?? unknownId;
  const version = model.notes().find((note) => note.id === id)?.version ?? 1;
  return { id, ifMatch: given.ifMatch && `"${given.ifMatch === 'old' ? version - 1 : version}"` };
}

const targetOfLine = ({ ids }: Session, { note }: ImportLine): Target => ({
  id: (note === undefined ? undefined : ids[note % Math.max(1, ids.length)]) ?? randomUUID(),
  ifMatch: undefined,
});

type Outcome = { status: number; body: unknown } | { status: number; code: string };

function outcomeOf(model: NotesModel, work: () => Outcome): Outcome {
  try {
    return model.transaction(work);
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, code: error.code };
    throw error;
  }
}

/** Changes the model as an operation should change the service, which has chosen the ids in its answer. */
function effect(model: NotesModel, given: Operation, target: Target, answer: Answer): Outcome {
  const { id, ifMatch } = target;
  switch (given.op) {
    case 'batch':
      return batch(model, given, target, answer);
    case 'create':
      return model.once(given.key, withDefaults(given.fields), () => ({
        status: 201,
        body: shown(model.create(answer.body.id, given.fields)),
      }));
    case 'patch':
      return { status: 200, body: shown(model.patch(id, given.fields, ifMatch)) };
    case 'restore':
      return { status: 200, body: shown(model.restore(id, ifMatch)) };
    case 'restore version':
      return { status: 200, body: shown(model.restoreVersion(id, given.version, ifMatch)) };
    case 'trash':
      model.trashNote(id, ifMatch);
      return { status: 204, body: undefined };
    case 'destroy':
      model.destroy(id, ifMatch);
      return { status: 204, body: undefined };
    case 'import':
      return importLines(model, given.lines, target.steps ?? []);
    case 'empty trash':
      return { status: 200, body: { destroyed: model.emptyTrash() } };
    case 'rename tag':
      return { status: 200, body: { changed: model.replaceTag(given.tag, given.name) } };
    case 'remove tag':
      return { status: 200, body: { changed: model.replaceTag(given.tag) } };
    default:
      throw new Error(`${given.op} is no request`);
  }
}

function importLines(model: NotesModel, lines: ImportLine[], targets: Target[]): Outcome {
  const counts = { imported: 0, skipped: 0, skippedInTrash: 0 };
  const failed: object[] = [];
  for (const [index, { fields, time, earlier }] of lines.entries())
    try {
      const { id } = targets[index]!;
      const versions = earlier.map((version) => ({ version, content: contentOf(version) }));
      counts[model.transaction(() => model.importNote(id, fields, timeOf(time), versions))]++;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed.push({ line: index + 1, code: error.code, message: expect.any(String) });
    }
  const { imported, skipped, skippedInTrash } = counts;
  const body = { imported, skipped: skipped + skippedInTrash, skippedInTrash };
  return { status: 200, body: { ...body, failedCount: failed.length, failed } };
}

/** Of an atomic batch, the first refusal is that of the whole. */
function batch(
  model: NotesModel,
  { atomic, steps }: { atomic: boolean; steps: Step[] },
  { steps: targets = [] }: Target,
  answer: Answer,
): Outcome {
  const results = steps.map((step, index) => {
    const given = step.op === 'create' ? { ...step, key: undefined } : step;
    const result = answer.body?.results?.[index] ?? { body: { id: `step ${index}` } };
    const work = () => effect(model, given, targets[index]!, result);
    return atomic ? work() : outcomeOf(model, work);
  });
  const shownResults = results.map((one) => (one.status === 204 ? { status: 204, body: null } : one));
  return { status: 200, body: { results: shownResults } };
}
