import { expect } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import type { Service, User } from '../service.ts';
import type { createDevice } from './device.ts';
import { dayMs, Refusal, shown, withDefaults, type NotesModel } from './notes-model.ts';
import type { Creation, Operation } from './operations.ts';
import { requestOf, type Target } from './requests.ts';

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
  const target = targetOf(session, given);
  const { method, path, ...options } = requestOf(given, target)!;
  const answer = await user.call(method, path, options);
  const expected = outcomeOf(model, () => effect(model, given, target, answer));
  const body = 'code' in expected ? { code: answer.body?.code } : { body: answer.body };
  expect({ status: answer.status, ...body }).toEqual(expected);
  if (given.op === 'create' && given.key !== undefined) session.keyed = given;
  if (answer.status === 201 && !ids.includes(answer.body.id)) ids.push(answer.body.id);
}

function targetOf({ ids, model }: Session, given: Operation): Target {
  if (!('note' in given)) return { id: unknownId, ifMatch: undefined };
  const id = ids[given.note % Math.max(1, ids.length)] ?? unknownId;
  const version = model.notes().find((note) => note.id === id)?.version ?? 1;
  return { id, ifMatch: given.ifMatch && `"${given.ifMatch === 'old' ? version - 1 : version}"` };
}

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
function effect(model: NotesModel, given: Operation, { id, ifMatch }: Target, answer: Answer): Outcome {
  switch (given.op) {
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
