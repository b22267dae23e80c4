import fc, { type Arbitrary } from 'fast-check';
import { newUser, type Answer, type Client } from '@polyglot-notes/service-kit/testing';
import { newDevice } from './devices.ts';
import { asCurl, createRequests, type GeneratedRequest } from './generated-requests.ts';
import type { ApiDocument, Operation } from './openapi-document.ts';

interface Options {
  document: ApiDocument;
  api: Client;
  admin: Client;
  /** How many valid and how many invalid requests of each operation are sent. */
  runs: number;
}

const seed = Number(process.env['TEST_SEED'] ?? 20_261_125);

const generalRefusals = new Set(['validation_failed', 'malformed_json', 'malformed_request']);

/** Rules that a description states, because no keyword of a schema can. */
const rulesInWords = new Set(['password_common', 'password_personal']);

const endsTheSession = /\/(?:delete-me|logout|logout-all)$/;

/** A function that sends generated requests of an operation, and returns the smallest one with a wrong answer as curl. */
export async function createSchemaFuzz({ document, api, admin, runs }: Options) {
  const [user, other] = await Promise.all([newUser(api), newUser(api)]);
  const note = (await user.call('POST', '/api/notes', { body: { title: 'a note' } })).body;
  const session = (await newDevice(api, user)).sessionId;
  function knownIdOf({ path }: Operation): string {
    if (path.startsWith('/api/notes')) return note.id;
    return path.startsWith('/api/auth/sessions') ? session : other.id;
  }

  const callerOf = async ({ outcomes, path }: Operation): Promise<Client> => {
    if (outcomes.some(({ code }) => code === 'forbidden')) return admin;
    return api.as(endsTheSession.test(path) ? (await newUser(api)).token : user.token);
  };

  async function firstFault(
    requests: Arbitrary<GeneratedRequest>,
    client: Client,
    faultOf: (answer: Answer) => string,
    numRuns: number,
  ): Promise<string> {
    const property = fc.asyncProperty(requests, async (request) => {
      const { method, path, ...options } = request;
      const fault = faultOf(await client.call(method, path, options));
      if (fault !== '') throw new Error(`${fault}\n${asCurl(client.baseUrl, request)}`);
    });
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns });
    return failed ? `TEST_SEED=${seed}: ${String(errorInstance)}` : '';
  }

  return async (operation: Operation): Promise<string> => {
    const client = await callerOf(operation);
    const { valid, invalid } = createRequests(document, operation, knownIdOf(operation));
    const hasInput = operation.takesBody || operation.parameters.length > 0;
    const fault = await firstFault(
      valid,
      client,
      (answer) => faultOfValid(operation, answer),
      hasInput ? runs : 1,
    );
    if (fault !== '' || invalid === undefined) return fault;
    return firstFault(invalid, client, (answer) => faultOfInvalid(operation, answer), runs);
  };

  function faultOfValid(operation: Operation, answer: Answer): string {
    const { status, body } = answer;
    const isRefused = (status === 400 && isGeneral(body)) || [405, 413, 415].includes(status);
    return isRefused ? `a valid request is refused: ${JSON.stringify(body)}` : faultOfAny(operation, answer);
  }

  function faultOfInvalid(operation: Operation, answer: Answer): string {
    if (answer.status < 400) return `an invalid request is accepted with ${answer.status}`;
    return faultOfAny(operation, answer);
  }

  function faultOfAny(operation: Operation, answer: Answer): string {
    if (answer.status >= 500) return `the answer is ${answer.status}: ${JSON.stringify(answer.body)}`;
    return document.faultsOfAnswer(operation, answer);
  }
}

interface Refusal {
  code: string;
  errors?: { code?: string }[];
  /** The operation that refuses an atomic batch. The batch itself is valid. */
  index?: number;
}

const isGeneral = ({ code, errors = [], index }: Refusal) =>
  generalRefusals.has(code) &&
  index === undefined &&
  (errors.length === 0 || errors.some((error) => !rulesInWords.has(error.code ?? '')));
