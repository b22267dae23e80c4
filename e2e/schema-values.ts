// Values that fit a JSON Schema of the OpenAPI document, and values that do not.
import fc, { type Arbitrary } from 'fast-check';

/** The keywords that the document uses for input. */
export interface Schema {
  type?: 'string' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Whether a value fits a schema. */
export type Fits = (schema: Schema, value: unknown) => boolean;

export function createValues(fits: Fits) {
  const fitting = (schema: Schema): Arbitrary<unknown> =>
    likely(schema).filter((value) => fits(schema, value));

  function likely(schema: Schema): Arbitrary<unknown> {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.anyOf && !schema.properties) return fc.oneof(...schema.anyOf.map(fitting));
    if (schema.oneOf) return fc.oneof(...schema.oneOf.map(fitting));
    switch (schema.type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 });
      case 'array':
        return fc.array(fitting(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 10, 10) });
      case 'object':
        return record(schema);
      case 'string':
        return fc.oneof({ weight: 9, arbitrary: likelyText(schema) }, longestText(schema));
      default:
        throw new Error(`no values can be generated for ${JSON.stringify(schema)}`);
    }
  }

  const record = ({ properties = {}, required = [] }: Schema) =>
    fc.record(mapValues(properties, fitting), { requiredKeys: required });

  /** JSON that does not fit: a wrong type, a value out of bounds, or a fault in one part of a value that fits. */
  const unfitting = (schema: Schema): Arbitrary<unknown> =>
    fc
      .oneof(fc.constantFrom<unknown>(null, true, 0, 1.5, [], {}, [[]], { a: 1 }), {
        weight: 3,
        arbitrary: faulty(schema),
      })
      .filter((value) => !fits(schema, value));

  function faulty(schema: Schema): Arbitrary<unknown> {
    if (schema.anyOf && !schema.properties) return fc.oneof(...schema.anyOf.map(faulty));
    if (schema.oneOf) return fc.oneof(...schema.oneOf.map(faulty));
    if (schema.type === 'object') return faultyRecord(schema);
    if (schema.type === 'array') return faultyArray(schema);
    return faultyText(schema);
  }

  function faultyArray(schema: Schema): Arbitrary<unknown> {
    const items = schema.items ?? {};
    const withOneFault = fc
      .tuple(fitting(schema), unfitting(items))
      .map(([array, item]) => [...(array as unknown[]), item]);
    const max = schema.maxItems ?? 0;
    const tooMany = fc.uniqueArray(fitting(items), { minLength: max + 1, maxLength: max + 1, size: 'max' });
    return fc.oneof({ weight: 3, arbitrary: withOneFault }, max > 0 && max < 60 ? tooMany : withOneFault);
  }

  function faultyRecord(schema: Schema): Arbitrary<unknown> {
    const names = Object.keys(schema.properties ?? {});
    if (names.length === 0) return fc.constantFrom<unknown>('x', [], 1);
    const valid = fitting(schema) as Arbitrary<Record<string, unknown>>;
    const without = fc
      .tuple(valid, fc.constantFrom(...names))
      .map(([value, name]) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
    const withUnknown = fc.tuple(valid, fc.constantFrom('nonsense', 'Title', '$where', 'constructor'));
    const withFault = fc
      .constantFrom(...names)
      .chain((name) => fc.tuple(valid, fc.constant(name), unfitting(schema.properties![name]!)));
    return fc.oneof(
      without,
      withUnknown.map(([value, name]) => ({ ...value, [name]: 1 })),
      { weight: 3, arbitrary: withFault.map(([value, name, fault]) => ({ ...value, [name]: fault })) },
    );
  }

  return { fitting, unfitting, record };
}

/** Texts near those that fit. Blanks at the ends mean nothing to some fields, so there are none. */
export function faultyText({ maxLength = 5_000 }: Schema): Arbitrary<string> {
  return fc
    .oneof(
      fc.constantFrom('', 'x', '-1', '0', '1.5', '1e1', '101', '10001', 'a\0b', '\u0007', 'TRUE', 'a,,b'),
      fc.constantFrom('a@b', 'javascript:alert(1)', '2026-13-01', '2026-02-30T10:00:00Z', 'yesterday'),
      fc.constantFrom('x'.repeat(maxLength + 1), '漢'.repeat(maxLength + 1), 'x'.repeat(51)),
      anyString({ maxLength: 20 }),
    )
    .map((text) => text.trim());
}

function likelyText({ format, pattern, minLength = 0, maxLength = 1_000 }: Schema): Arbitrary<string> {
  switch (format) {
    case 'email':
      return fc.emailAddress();
    case 'uri':
      return fc.tuple(fc.webUrl(), fc.constantFrom('', '?a=1&b=%20', '#part')).map((parts) => parts.join(''));
    case 'uuid':
      return fc.uuid();
    case 'date-time':
      return dateTime;
    case 'date':
      return date.map((instant) => instant.slice(0, 10));
    default: {
      const matching = pattern === undefined ? undefined : new RegExp(pattern, 'u');
      const anyText = anyString({ minLength, maxLength });
      return matching === undefined || matching.test('Aé 漢😀'.padEnd(minLength))
        ? anyText
        : fc.stringMatching(matching);
    }
  }
}

const longestText = ({ maxLength = 1_000 }: Schema) =>
  fc.constantFrom('a', '漢').map((one) => one.repeat(maxLength));

/** Any Unicode text, with many short code points. The full range of fast-check itself needs seconds to start. */
export const anyString = (lengths: { minLength?: number; maxLength: number }): Arbitrary<string> =>
  fc.string({ unit: codePoint, ...lengths });

const codePoint = fc
  .oneof(
    fc.integer({ max: 0x7f, min: 0 }),
    fc.integer({ max: 0xffff, min: 0 }),
    fc.integer({ max: 0x10ffff, min: 0 }),
  )
  .map((code) => String.fromCodePoint(code))
  .filter((text) => text.isWellFormed());

const date = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((instant) => instant.toISOString());

const dateTime = fc
  .tuple(date, fc.constantFrom('Z', 'z', '+02:00', '-23:59', '+00:00'), fc.boolean())
  .map(([instant, zone, seconds]) => instant.slice(0, seconds ? 19 : 23) + zone);

const mapValues = <From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
