import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { undeclaredHeaders } from '@polyglot-notes/gateway/testing';
import type { Answer, Client } from '@polyglot-notes/service-kit/testing';
import { api } from './client.ts';
import type { Schema } from './schema-values.ts';

export interface Content {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown } | Reference>;
}

export interface Header {
  required?: boolean;
}

export interface Response {
  description: string;
  headers: Record<string, Header | Reference>;
  content?: Record<string, Content>;
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}

interface DocumentedOperation {
  operationId: string;
  summary: string;
  tags: string[];
  'x-rate-limit'?: string;
  security: object[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, Content> };
  responses: Record<string, Response | Reference>;
}

interface Reference {
  $ref: string;
}

/** One outcome that an operation declares: a status, with a code if it is a refusal. */
export interface Outcome {
  status: number;
  code?: string;
}

/** An operation of the document, with all references to its responses resolved. */
export interface Operation extends Omit<DocumentedOperation, 'responses'> {
  /** As in `GET /api/notes/{id}`. */
  name: string;
  method: string;
  path: string;
  needsToken: boolean;
  takesBody: boolean;
  responses: Map<number, Response>;
  outcomes: Outcome[];
}

export type ApiDocument = Awaited<ReturnType<typeof readDocument>>;

const unlisted = new Set(undeclaredHeaders.map((name) => name.toLowerCase()));

/** The OpenAPI document of the system under test, with its operations and the validators of its schemas. */
export async function readDocument({ call }: Pick<Client, 'call'> = api) {
  const { body: json } = await call('GET', '/openapi.json');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword({
    keyword: 'x-maxBytes',
    type: 'string',
    validate: (max: number, text: string) => Buffer.byteLength(text) <= max,
  });
  ajv.addSchema(json, 'api');
  const compiled = new WeakMap<object, ValidateFunction>();

  function validatorOf(schema: object): ValidateFunction {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')));
    compiled.set(schema, validate);
    return validate;
  }

  /** What is wrong with a value that should fit the schema; an empty text when nothing is. */
  function faultsOf({ schema }: Content, value: unknown): string {
    const validate = validatorOf(schema);
    return validate(value) ? '' : ajv.errorsText(validate.errors);
  }

  /** What the document does not say of an answer; an empty text when it says all. */
  function faultsOfAnswer({ responses }: Operation, { status, headers, body }: Answer): string {
    const response = responses.get(status);
    if (response === undefined) return `the status ${status} is not declared`;
    const { content = {}, headers: declared } = response;
    const mediaTypes = Object.keys(content);
    const sent = headers['content-type']?.split(';')[0];
    const mediaType = mediaTypes.find((type) => type === sent);
    if (sent !== mediaType || (sent === undefined && mediaTypes.length > 0))
      return `content type ${sent} instead of ${mediaTypes.join(' or ')}`;
    const names = new Set(Object.keys(declared).map((name) => name.toLowerCase()));
    const undeclared = Object.keys(headers).filter((name) => !names.has(name) && !unlisted.has(name));
    if (undeclared.length > 0) return `undeclared headers: ${undeclared.join(', ')}`;
    const required = Object.entries(declared).filter(([, header]) => resolve(header).required);
    const missing = required.filter(([name]) => headers[name.toLowerCase()] === undefined);
    if (missing.length > 0) return `without ${missing.map(([name]) => name).join(', ')}`;
    const isJson = mediaType !== undefined && /[/+]json$/.test(mediaType);
    return isJson ? faultsOf(content[mediaType]!, body) : '';
  }

  /** What a `$ref` stands for; anything else stands for itself. */
  function resolve<Value extends object>(value: Value | Reference): Value {
    if (!('$ref' in value)) return value;
    const keys = value.$ref.slice('#/'.length).split('/');
    const found: unknown = keys.reduce((part, key) => part[key], json);
    if (found === undefined) throw new Error(`${value.$ref} is not in the document`);
    return found as Value;
  }

  function operation(path: string, method: string, documented: DocumentedOperation): Operation {
    const responses = new Map(
      Object.entries(documented.responses).map(([status, response]) => [Number(status), resolve(response)]),
    );
    return {
      ...documented,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      needsToken: documented.security.length > 0 && !allowsNoToken(documented),
      takesBody: documented.requestBody !== undefined,
      responses,
      outcomes: [...responses].flatMap(([status, response]) => outcomesOf(status, response)),
    };
  }

  return {
    json,
    resolve,
    operations: Object.entries<Record<string, DocumentedOperation>>(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, documented]) => operation(path, method, documented)),
    ),

    /** The values of all examples of a body. */
    examplesOf: ({ example, examples = {} }: Content): unknown[] => [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map((named) => resolve<{ value: unknown }>(named).value),
    ],

    faultsOf,
    faultsOfAnswer,
    fits: (schema: object, value: unknown): boolean => validatorOf(schema)(value),
  };
}

/** Whether one of the alternatives of the security requirement is empty. */
const allowsNoToken = ({ security }: DocumentedOperation) =>
  security.some((requirement) => Object.keys(requirement).length === 0);

function outcomesOf(status: number, { content = {} }: Response): Outcome[] {
  const problem = content['application/problem+json'];
  return problem === undefined ? [{ status }] : codesOf(problem).map((code) => ({ status, code }));
}

/** The codes that the schema of a refusal allows. */
export function codesOf({ schema }: Content): string[] {
  const { allOf } = schema as { allOf: { properties?: { code: { enum: string[] } } }[] };
  return allOf.flatMap(({ properties }) => properties?.code.enum ?? []);
}

export const outcomeName = ({ status, code }: Outcome): string =>
  code === undefined ? String(status) : `${status} ${code}`;
