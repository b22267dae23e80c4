import { linesOf } from './lines.ts';
import type { NamedSchema } from './operations.ts';
import { saveTokensLines } from './session.ts';
import type { Step } from './story.ts';

/** The lines of a test script, from what a step and its operation say of the response. */
export function testScript(step: Step, outcome: string, schema: NamedSchema | undefined): string[] {
  const { has = {}, check, save = {}, saveTokens } = step;
  const [status = '', code] = outcome.split(' ');
  const paths = [...Object.keys(has), ...Object.values(save)];
  const readsBody =
    saveTokens !== undefined || check?.includes('body') || paths.some((path) => !path.startsWith('header:'));
  return [
    `pm.test('status is ${status}', () => pm.response.to.have.status(${status}));`,
    ...(code === undefined
      ? []
      : [`pm.test('code is ${code}', () => pm.expect(pm.response.json().code).to.eql('${code}'));`]),
    ...(schema === undefined ? [] : schemaTest(schema)),
    ...(readsBody ? ['const body = pm.response.json();'] : []),
    ...Object.entries(has).map(([path, value]) => valueTest(path, value)),
    ...linesOf(check),
    ...Object.entries(save).map(
      ([name, path]) => `pm.collectionVariables.set('${name}', ${expression(path)});`,
    ),
    ...(saveTokens === undefined ? [] : saveTokensLines(saveTokens)),
  ];
}

const schemaTest = ({ name, text }: NamedSchema) => [
  `const schema = ${text};`,
  `pm.test('the body is a ${name}', () => pm.response.to.have.jsonSchema(schema));`,
];

const valueTest = (path: string, value: unknown) =>
  `pm.test(${literal(`${path} is ${JSON.stringify(value)}`)}, () => pm.expect(${expression(path)}).to.eql(${withVariables(value)}));`;

/** A value as JavaScript; text with `{{name}}` is replaced when the script runs. */
function withVariables(value: unknown): string {
  if (typeof value === 'string') {
    const [, name] = /^\{\{(\w+)\}\}$/.exec(value) ?? [];
    if (name !== undefined) return `pm.variables.get('${name}')`;
    return value.includes('{{') ? `pm.variables.replaceIn(${literal(value)})` : literal(value);
  }
  return Array.isArray(value) ? `[${value.map(withVariables).join(', ')}]` : JSON.stringify(value);
}

const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The JavaScript for a path: `items.*.title` gives the title of each item, and `items.0.title` that of the first. */
function expression(path: string): string {
  const [, header] = /^header:(.+)$/.exec(path) ?? [];
  if (header !== undefined) return `pm.response.headers.get('${header}')`;
  const [list = '', ...inItems] = path.split('.*.');
  const base = `body.${list}`.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
  return inItems.length === 0 ? base : `${base}.map((item) => item.${inItems.join('.*.')})`;
}
