// Writes what is generated here: the API's description of itself, as a system gives it that runs at API_URL, and the
// types that follow from it. Into another folder than the package's when one is named.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const { API_URL: apiUrl = 'http://127.0.0.1:8000' } = process.env;
const [folder = join(import.meta.dirname, '..')] = process.argv.slice(2);

const answer = await fetch(new URL('/openapi.json', apiUrl)).catch(() => undefined);
if (!answer?.ok) {
  const fault = answer === undefined ? 'Nothing answers' : `The answer is ${answer.status}`;
  console.error(`${fault} at ${apiUrl}: start the system with npm start, or say where it runs with API_URL.`);
  process.exit(1);
}
const document = `${JSON.stringify(await answer.json(), undefined, 2)}\n`;

const header = '// Made from openapi.json; to make both anew: npm run generate -w @polyglot-notes/client\n\n';
// A field of a request that has a default may be left out.
const types = astToString(await openapiTS(document, { defaultNonNullable: false }));

await mkdir(join(folder, 'src/generated'), { recursive: true });
await writeFile(join(folder, 'openapi.json'), document);
await writeFile(join(folder, 'src/generated/api.ts'), header + types);
