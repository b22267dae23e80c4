import type { Route } from '@polyglot-notes/service-kit';

/**
 * The routes of a service, declared without a database: each member of the context exists, and a call of it throws with
 * its name. Handlers cannot run.
 */
export const declaredRoutes = (routes: (context: never) => Route[]): Route[] =>
  routes(notConnected('context') as never);

const notConnected = (name: string): unknown =>
  new Proxy(() => {}, {
    get: (_target, member) => notConnected(`${name}.${String(member)}`),
    apply() {
      throw new Error(`${name} is called while routes are declared; call it in a handler`);
    },
  });
