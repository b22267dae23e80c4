import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { story } from '../story/index.ts';
import { postmanCollection } from './collection.ts';
import type { Step, Story } from './story.ts';

interface Request {
  name: string;
  item?: Request[];
  event: { listen: string; script: { exec: string[] } }[];
  request: {
    method: string;
    auth?: { type: string; bearer?: { value: string }[] };
    url: { raw: string };
    body?: { raw: string };
    description: string;
  };
}

const operation = (more: object) => ({
  summary: 'A thing',
  tags: ['Things'],
  security: [{ bearerAuth: [] }],
  responses: { 204: {} },
  ...more,
});
const thing = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } };
const document = {
  paths: {
    '/things': {
      get: operation({
        summary: 'List things',
        description: 'All of them.',
        responses: { 200: { content: thing } },
      }),
      post: operation({
        requestBody: { content: { 'application/json': { example: { name: 'a', size: 1 } } } },
        responses: { 400: {}, 201: { content: thing } },
      }),
    },
    '/things/{id}': {
      delete: operation({ responses: { 204: {}, 403: { $ref: '#/components/responses/403-forbidden' } } }),
    },
    '/status': { get: operation({ security: [] }) },
  },
  components: { schemas: { Thing: { type: 'object', examples: [{ name: 'a' }] } } },
};

const isCollection = (value: object): value is { item: Request[]; event: Request['event'] } =>
  'item' in value;
function collection(steps: Step[], more: Partial<Story> = {}) {
  const made = postmanCollection(document, {
    name: 'test',
    description: 'A test.',
    constants: {},
    pathVariables: { '/things/{id}': 'thingId' },
    folders: [
      { name: 'Things', description: 'Things.', tags: ['Things'], steps },
      { name: 'Admin', description: 'Admin.', isForAdmins: true, steps: [] },
    ],
    ...more,
  });
  if (!isCollection(made)) throw new Error('no collection');
  return made;
}
const requestsIn = (items: Request[]): Request[] =>
  items.flatMap((item) => (item.item ? requestsIn(item.item) : [item]));
const requestsOf = (steps: Step[]) => requestsIn(collection(steps).item);
const testOf = ({ event }: Request) => event.find(({ listen }) => listen === 'test')?.script.exec;

describe('an operation that the story does not call', () => {
  test('gets a request in the folder of its tag, or in that of the admins', () => {
    const [things, admin] = collection([]).item;
    expect(things?.item?.map(({ name }) => name)).toEqual([
      'List things: GET /things',
      'A thing: POST /things',
      'A thing: GET /status',
    ]);
    expect(admin?.item?.map(({ request }) => request.url.raw)).toEqual(['{{baseUrl}}/things/{{thingId}}']);
  });

  test('is called with its example, by a caller who may, and expects its first success', () => {
    const [list, create, status, remove] = requestsOf([]);
    expect(list?.request).toMatchObject({ method: 'GET', description: 'All of them.' });
    expect(list?.request).not.toHaveProperty('auth');
    expect(JSON.parse(create?.request.body?.raw ?? '')).toEqual({ name: 'a', size: 1 });
    expect(testOf(create!)?.[0]).toBe("pm.test('status is 201', () => pm.response.to.have.status(201));");
    expect(testOf(create!)?.slice(1)).toEqual([
      'const schema = {"definitions":{"Thing":{"type":"object"}},"allOf":[{"$ref":"#/definitions/Thing"}]};',
      "pm.test('the body is a Thing', () => pm.response.to.have.jsonSchema(schema));",
    ]);
    expect(status?.request.auth).toEqual({ type: 'noauth' });
    expect(remove?.request.auth?.bearer).toMatchObject([{ value: '{{adminToken}}' }]);
  });

  test('must fit into a folder, and the parameters of its path must have variables', () => {
    expect(() => collection([], { folders: [] })).toThrow('No folder of the story takes GET /things');
    expect(() => collection([], { pathVariables: {} })).toThrow('no variable for {id} of /things/{id}');
  });
});

describe('a step of the story', () => {
  test('replaces the request that its operation would get, unless it expects a refusal', () => {
    expect(requestsOf([{ name: 'Listed', call: 'GET /things' }])).toHaveLength(4);
    expect(
      requestsOf([{ name: 'Refused', call: 'GET /things', expect: '401 unauthenticated' }]),
    ).toHaveLength(5);
  });

  test('may replace some members of the example', () => {
    const [create] = requestsOf([{ name: 'Created', call: 'POST /things', fields: { name: '{{name}}' } }]);
    expect(JSON.parse(create?.request.body?.raw ?? '')).toEqual({ name: '{{name}}', size: 1 });
  });

  test('tests values and headers, and saves variables', () => {
    const [listed] = requestsOf([
      {
        name: 'Listed',
        call: 'GET /things?limit=2',
        has: { 'items.*.name': ["it's"], 'page.id': '{{id}}', 'header:ETag': '"1"' },
        save: { cursor: 'page.nextCursor' },
      },
    ]);
    expect(testOf(listed!)?.slice(3)).toEqual([
      'const body = pm.response.json();',
      `pm.test('items.*.name is ["it\\'s"]', () => pm.expect(body.items.map((item) => item.name)).to.eql(['it\\'s']));`,
      `pm.test('page.id is "{{id}}"', () => pm.expect(body.page.id).to.eql(pm.variables.get('id')));`,
      `pm.test('header:ETag is "\\\\"1\\\\""', () => pm.expect(pm.response.headers.get('ETag')).to.eql('"1"'));`,
      "pm.collectionVariables.set('cursor', body.page.nextCursor);",
    ]);
  });

  test('saves both tokens of a session, and when to refresh', () => {
    const steps = ['token', 'otherToken'].map((token) => ({
      name: token,
      call: 'GET /things',
      saveTokens: token,
    }));
    const [own, other] = requestsOf(steps);
    expect(testOf(own!)?.slice(4)).toEqual([
      "pm.collectionVariables.set('token', body.accessToken);",
      "pm.collectionVariables.set('refreshToken', body.refreshToken);",
      "pm.collectionVariables.set('refreshAt', Date.now() + body.expiresIn * 900);",
    ]);
    expect(testOf(other!)?.[5]).toBe("pm.collectionVariables.set('otherRefreshToken', body.refreshToken);");
  });

  test('that calls no operation must say what to expect', () => {
    expect(() => requestsOf([{ name: 'A page', call: 'GET /page' }])).toThrow(
      'A page: GET /page is no operation',
    );
  });
});

test('every script of the collection is valid JavaScript', () => {
  const api = JSON.parse(
    readFileSync(new URL('../../../packages/client/openapi.json', import.meta.url), 'utf8'),
  );
  const made = postmanCollection(api, story);
  if (!isCollection(made)) throw new Error('no collection');
  const scripts = [made, ...requestsIn(made.item)].flatMap(({ event }) =>
    event.map(({ script }) => script.exec),
  );
  for (const lines of scripts) expect(() => new Script(lines.join('\n'))).not.toThrow();
  expect(scripts.length).toBeGreaterThan(100);
});
