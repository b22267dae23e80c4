// What the compiler must let through, and what not. Nothing here is run: `npm run typecheck` reads it, and where an
// error is expected, none is an error.
import { createClient, createSession, type Schemas } from '@polyglot-notes/client';

const api = createClient({ baseUrl: 'http://127.0.0.1:8000', token: process.env['TOKEN'] });

export async function answersAreTyped(id: string) {
  const { data, error, response } = await api.GET('/api/notes/{id}', { params: { path: { id } } });
  // @ts-expect-error -- there may be no note
  const early = data.title;
  if (error !== undefined) return early;
  const note: Schemas['Note'] = data;
  // @ts-expect-error -- there is no such field
  const misspelt = note.titel;
  return [misspelt, data.deletedAt satisfies string | null, response.headers.get('ETag')];
}

export async function refusalsAreThoseOfTheOperation(email: string, password: string) {
  const { error } = await api.POST('/api/auth/login', { body: { email, password } });
  switch (error?.code) {
    case undefined:
      return 'logged in';
    case 'invalid_credentials':
      return error.status satisfies 401;
    case 'validation_failed':
      return error.errors?.map(({ path, message }) => `${path} ${message}`);
    // @ts-expect-error -- only registering can answer this
    case 'email_taken':
      return 'taken';
    default:
      // @ts-expect-error -- there is no such member
      return error.cdoe;
  }
}

export async function onlyTheRefusalThatHasAMemberHasIt(id: string) {
  const { error } = await api.DELETE('/api/notes/{id}', { params: { path: { id } } });
  if (error?.code === 'precondition_failed') return error.current.version;
  // @ts-expect-error -- no other refusal shows the note
  return error?.current;
}

export async function requestsAreChecked(id: string) {
  await api.GET('/api/notes', { params: { query: { limit: 20, total: true, archived: 'any' } } });
  // @ts-expect-error -- a misspelt parameter
  await api.GET('/api/notes', { params: { query: { serch: 'milk' } } });
  // @ts-expect-error -- a number is wanted
  await api.GET('/api/notes', { params: { query: { limit: '20' } } });
  // @ts-expect-error -- which note?
  await api.GET('/api/notes/{id}');
  // @ts-expect-error -- there is no such path
  await api.GET('/api/note');
  // @ts-expect-error -- the path has no such method
  await api.PUT('/api/notes', { body: { title: 'Shopping' } });

  await api.POST('/api/notes', { body: { title: 'Shopping' } });
  // @ts-expect-error -- a misspelt field
  await api.POST('/api/notes', { body: { titel: 'Shopping' } });
  // @ts-expect-error -- a body is needed
  await api.POST('/api/notes', {});
  await api.PATCH('/api/users/update-me', { body: { bio: null } });
  // @ts-expect-error -- a username cannot be cleared
  await api.PATCH('/api/users/update-me', { body: { username: null } });

  const header = { 'If-Match': '"1"' };
  await api.DELETE('/api/notes/{id}', {
    params: { path: { id }, header },
    signal: AbortSignal.timeout(1_000),
  });
}

export async function sessionsAreTyped() {
  const session = createSession({
    onEnd: (code) =>
      console.log(code satisfies `${string}_refresh_token` | `${string}_${'reused' | 'removed'}`),
  });
  // @ts-expect-error -- a misspelt field
  await session.logIn({ emial: 'ada@example.com', password: 'analytical engine' });
  const { data, error } = await session.logIn({ email: 'ada@example.com', password: 'analytical engine' });
  // @ts-expect-error -- only registering can answer this
  if (error?.code === 'email_taken') return 'taken';
  await session.api.GET('/api/notes');
  // @ts-expect-error -- a storage must be able to forget
  createSession({ storage: { load: () => undefined, save: () => {} } });
  return data?.refreshToken;
}
