// The examples of the README, for the compiler. session.test.ts compares them with the README.
import { createSession, type TokenStorage } from '@polyglot-notes/client';

declare const showLogin: (code?: string) => void;
declare const baseUrl: string;
declare const onEnd: (code: string) => void;

export async function firstExample() {
  const session = createSession({
    baseUrl: 'http://127.0.0.1:8000',
    onEnd: (code) => showLogin(code),
  });
  await session.logIn({ email: 'ada@example.com', password: 'analytical engine' });

  const { data, error } = await session.api.GET('/api/notes', {
    params: { query: { search: 'milk', limit: 20 } },
  });
  if (error) console.error(error.code); // one of the codes that the operation declares
  else console.log(data.items[0]?.title);

  await session.logOut();
}

export async function storageExample() {
  const storage: TokenStorage = {
    load: () => JSON.parse(localStorage.getItem('tokens') ?? 'null') ?? undefined,
    save: (tokens) => localStorage.setItem('tokens', JSON.stringify(tokens)),
    clear: () => localStorage.removeItem('tokens'),
  };
  const session = createSession({ baseUrl, storage, onEnd });
  if (!(await session.isLoggedIn())) showLogin();
}
