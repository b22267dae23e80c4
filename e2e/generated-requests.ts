// Requests of an operation that the OpenAPI document allows, and requests with one fault that it forbids.
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, Operation, Parameter } from './openapi-document.ts';
import { anyString, createValues, faultyText, type Schema } from './schema-values.ts';

export interface GeneratedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

interface Parts {
  path: Record<string, string>;
  query: [name: string, value: string][];
  headers: Record<string, string>;
  body: unknown;
}

/** Half of the valid requests name the resource `knownId`, which exists. */
export function createRequests({ fits }: ApiDocument, operation: Operation, knownId: string) {
  const { fitting, unfitting } = createValues(fits);
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const inHeader = operation.parameters.filter((parameter) => parameter.in === 'header');
  const body = operation.requestBody?.content['application/json']?.schema;

  const query = fc
    .record(Object.fromEntries(inQuery.map(({ name, schema }) => [name, fitting(schema)])), {
      requiredKeys: inQuery.filter(({ required }) => required === true).map(({ name }) => name),
    })
    .filter(isPossible)
    .map((values) => Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]));

  const [bodyType] = Object.keys(operation.requestBody?.content ?? {});
  const typeOfStream =
    body === undefined && bodyType !== undefined ? { 'Content-Type': bodyType } : undefined;

  const valid: Arbitrary<Parts> = fc.record({
    path: fc.record(Object.fromEntries(inPath.map(({ name, schema }) => [name, inPathOf(schema)]))),
    query,
    headers: fc
      .record(
        {
          Origin: fc.constant('https://app.example.com'),
          ...Object.fromEntries(inHeader.map(({ name, schema }) => [name, inHeaderOf(schema)])),
        },
        { requiredKeys: [] },
      )
      .map((headers) => ({ ...headers, ...typeOfStream })),
    body: body === undefined ? fc.constant(typeOfStream && '') : bodyOf(body),
  });

  function bodyOf(schema: Schema): Arbitrary<unknown> {
    const anyBody = fitting(schema);
    return operation.requestBody?.required === false ? fc.option(anyBody, { nil: undefined }) : anyBody;
  }

  function inPathOf(schema: Schema): Arbitrary<string> {
    const anyText = fitting(schema) as Arbitrary<string>;
    return fits(schema, knownId) ? fc.oneof(fc.constant(knownId), anyText) : anyText;
  }

  function inHeaderOf(schema: Schema): Arbitrary<string> {
    return isConstrained(schema) ? (fitting(schema) as Arbitrary<string>).filter(isHeaderText) : headerText;
  }

  function withFault(): Arbitrary<Parts> | undefined {
    const faults = [
      ...(body === undefined ? [] : [faultIn(body)]),
      ...inPath.map(faultInPath),
      ...inQuery.filter(({ schema }) => isConstrained(schema)).map(faultInParameter),
      ...inQuery.map(ambiguity),
      ...inHeader.filter(({ schema }) => isConstrained(schema)).map(faultInHeader),
    ];
    return faults.length === 0 ? undefined : fc.oneof(...faults);
  }

  const faultIn = (schema: Schema) =>
    fc.tuple(valid, unfitting(schema)).map(([parts, value]) => ({ ...parts, body: value }));

  const faultInPath = ({ name, schema }: Parameter) =>
    fc
      .tuple(
        valid,
        anyString({ minLength: 1, maxLength: 20 }).filter((text) => !fits(schema, text)),
      )
      .map(([parts, text]) => ({ ...parts, path: { ...parts.path, [name]: text } }));

  const faultInParameter = ({ name, schema }: Parameter) =>
    fc
      .tuple(
        valid,
        faultyText(schema).filter((text) => !fits(schema, asJson(text))),
      )
      .map(([parts, text]) => withParameters(parts, name, [[name, text]]));

  const faultInHeader = ({ name, schema }: Parameter) =>
    fc
      .tuple(
        valid,
        faultyText(schema).filter((text) => isHeaderText(text) && !fits(schema, text)),
      )
      .map(([parts, text]) => ({ ...parts, headers: { ...parts.headers, [name]: text } }));

  const ambiguity = ({ name, schema }: Parameter) =>
    fc
      .tuple(valid, fitting(schema), fc.constantFrom('[]', '[0]', '[a][b]', ''))
      .map(([parts, value, brackets]) =>
        withParameters(parts, name, [
          [name + brackets, String(value)],
          [name, String(value)],
        ]),
      );

  const requests = (parts: Arbitrary<Parts> | undefined) =>
    parts?.map((values) => asRequest(operation, values));
  return { valid: requests(valid)!, invalid: requests(withFault()) };
}

const withParameters = (parts: Parts, name: string, given: Parts['query']): Parts => ({
  ...parts,
  query: [...parts.query.filter(([other]) => other !== name), ...given],
});

/** What the descriptions of query parameters say about each other. OpenAPI has no keyword for it. */
function isPossible({ page, cursor, limit, sort, search }: Record<string, unknown>): boolean {
  if (page !== undefined && cursor !== undefined) return false;
  if (Number(page ?? 0) * Number(limit ?? 20) > 10_000) return false;
  return sort !== 'relevance' || (typeof search === 'string' && /[\p{L}\p{N}]/u.test(search));
}

const isConstrained = ({ type, ...constraints }: Schema) =>
  type !== 'string' || Object.keys(constraints).length > 0;

function asJson(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

const headerText = fc.oneof(
  fc.constantFrom('*', '"1"', 'W/"1"', '"1", "2"'),
  fc.stringMatching(/^[!-~]{1,40}$/),
);
/** Whether a text is a field value as HTTP transports it (RFC 9110, section 5.5). */
const isHeaderText = (text: string) => /^(?:[!-~](?:[ -~]*[!-~])?)?$/.test(text);

function asRequest({ method, path }: Operation, parts: Parts): GeneratedRequest {
  const search = parts.query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts.path[name]!));
  const { headers, body } = parts;
  return { method, path: search === '' ? filled : `${filled}?${search}`, headers, body };
}

/** The request as a curl command, with the access token in `$TOKEN`. */
export function asCurl(baseUrl: string, { method, path, headers, body }: GeneratedRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const sent = { Authorization: 'Bearer $TOKEN', ...headers };
  return [
    `curl -i -X ${method} ${quote(baseUrl + path)}`,
    ...Object.entries(sent).map(([name, value]) => `-H "${name}: ${value.replaceAll('"', '\\"')}"`),
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `--data-raw ${quote(JSON.stringify(body))}`]),
  ].join(' ');
}
