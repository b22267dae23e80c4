// Keeps notes with the client. With a system that runs (npm start): node packages/client/examples/notes.ts
// API_URL, EMAIL and PASSWORD choose another system and account.
import { createSession, type Schemas, type Tokens } from '@polyglot-notes/client';

const {
  API_URL: baseUrl = 'http://127.0.0.1:8000',
  EMAIL: email = 'ada@example.com',
  PASSWORD: password = 'analytical engine',
} = process.env;

// Where the tokens are kept. Without a storage, the session keeps them in memory in the same way.
let kept: Tokens | undefined;
const storage = {
  load: () => kept,
  save(tokens: Tokens) {
    kept = tokens;
  },
  clear() {
    kept = undefined;
  },
};
const session = createSession({ baseUrl, storage, onEnd: (code) => console.log(`Log in again: ${code}`) });
const { api } = session;

/** The data of an answer that is no refusal; a refusal that nobody handles is thrown. */
function dataOf<Data>({ data, error }: { data?: Data; error?: { code: string; title: string } }): Data {
  if (error !== undefined) throw new Error(`${error.code}: ${error.title}`);
  return data as Data;
}

/** Registers, or logs in where there is the account already. */
async function signIn(): Promise<void> {
  const account = { email, password };
  const registered = await session.register(account);
  const isKnown = registered.error?.code === 'email_taken';
  if (isKnown) dataOf(await session.logIn(account));
  else dataOf(registered);
  console.log(`${isKnown ? 'Logged in' : 'Registered'} as ${email}`);
}

async function write(body: { title: string; content: string }): Promise<Schemas['Note']> {
  return dataOf(await api.POST('/api/notes', { body }));
}

try {
  await signIn();
} catch (error) {
  // As with fetch, this error means that there was no answer.
  if (!(error instanceof TypeError)) throw error;
  console.error(`Nothing answers at ${baseUrl}: run npm start first, or set API_URL to another gateway.`);
  process.exit(1);
}

// Write
const shopping = await write({ title: 'Shopping', content: 'Milk, bread' });
const others = [
  await write({ title: 'Travel', content: 'The train to Turin' }),
  await write({ title: 'Reading', content: 'Notes on the Analytical Engine' }),
];

// Find
const found = dataOf(await api.GET('/api/notes', { params: { query: { search: 'milk', limit: 20 } } }));
for (const { title, highlight } of found.items) console.log(`Found ${title}: ${highlight?.content}`);

// Change what was read, but not what others have written since
const path = { id: shopping.id };
const { response } = await api.GET('/api/notes/{id}', { params: { path } });
const header = { 'If-Match': response.headers.get('ETag') ?? '' };
dataOf(await api.PATCH('/api/notes/{id}', { params: { path, header }, body: { content: 'Milk, jam' } }));
const late = await api.PATCH('/api/notes/{id}', { params: { path, header }, body: { content: 'Tea' } });
if (late.error?.code === 'precondition_failed') {
  const { content, version } = late.error.current;
  console.log(`Not changed to Tea: version ${version} is already ${content}`);
}

// Read page by page: each says where the next one begins
let cursor: string | null = null;
do {
  const { items, page }: Schemas['NotePage'] = dataOf(
    await api.GET('/api/notes', {
      params: { query: { sort: 'title', limit: 2, ...(cursor !== null && { cursor }) } },
    }),
  );
  console.log(`A page: ${items.map(({ title }) => title).join(', ')}`);
  cursor = page.nextCursor;
} while (cursor !== null);

// Handle a refusal by its code
const { error } = await api.POST('/api/notes', { body: { title: 'x'.repeat(201) } });
switch (error?.code) {
  case 'validation_failed':
    for (const fault of error.errors ?? []) console.log(`Refused: ${fault.path} ${fault.message}`);
    break;
  case 'rate_limited':
    console.log('Refused for now: try again later');
    break;
  default:
    throw new Error(`Not refused as it should be: ${error?.code}`);
}

// Go on without the password: as after a quarter of an hour, the next call gets new tokens first
const first = kept;
kept = { ...first!, refreshAt: Date.now() };
const { items: sessions } = dataOf(await api.GET('/api/auth/sessions'));
console.log(
  `${kept?.refreshToken === first?.refreshToken ? 'The same' : 'New'} tokens, ${sessions.length} session`,
);

// Delete
for (const { id } of [shopping, ...others]) {
  dataOf(await api.DELETE('/api/notes/{id}', { params: { path: { id } } }));
}

// Log out
await session.logOut();
const loggedOut = await api.GET('/api/notes');
console.log(`Logged out: ${loggedOut.error?.code}`);
