import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { invalidRefreshToken, refreshTokenReused } from '../credentials/problems.ts';
import { createRefresh, type Dependencies as RefreshDependencies } from './refresh.service.ts';
import { ListSessions, LogOut, Refresh, SessionPage, SessionParams, TokenPair } from './sessions.schemas.ts';
import { createSessionsService, type Dependencies } from './sessions.service.ts';
import { deviceOf } from './session.model.ts';

const tag = 'Auth';

type Sessions = ReturnType<typeof createSessionsService>;

export function sessionsRoutes(dependencies: Dependencies & RefreshDependencies): Route[] {
  const sessions = createSessionsService(dependencies);
  return [refreshRoute(dependencies), ...logoutRoutes(sessions), ...listRoutes(sessions)];
}

function refreshRoute(dependencies: RefreshDependencies): Route {
  const refresh = createRefresh(dependencies);
  return route({
    method: 'post',
    path: '/api/auth/refresh',
    tag,
    summary: 'Exchange a refresh token for new tokens',
    description:
      'The refresh token is spent. For a client that lost the answer, it returns the current tokens of the session for some more seconds. After that, a spent token ends the session, because somebody else may have a copy of it.',
    access: 'public',
    limit: 'refresh',
    body: Refresh,
    responses: { 200: { description: 'New tokens of the session', schema: TokenPair } },
    problems: [invalidRefreshToken, refreshTokenReused],
    handler: async ({ body, client }) => ({
      status: 200,
      body: await refresh(body.refreshToken, deviceOf(client)),
    }),
  });
}

const eitherToken =
  'Needs an access token, or a refresh token of the session in the body, with which an access token is not read.';

function logoutRoutes(sessions: Sessions): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/auth/logout',
      tag,
      summary: 'End the session',
      description: `${eitherToken} Other sessions go on.`,
      access: 'onDemand',
      body: LogOut,
      responses: { 204: { description: 'The session has ended' } },
      problems: [problems.tokenRevoked, invalidRefreshToken],
      handler: async ({ body, user, client }) => {
        const device = deviceOf(client);
        if (body?.refreshToken === undefined) await sessions.logOut(await user(), device);
        else await sessions.logOutWith(body.refreshToken, device);
        return { status: 204 };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/logout-all',
      tag,
      summary: 'End all sessions of the account',
      description: eitherToken,
      access: 'onDemand',
      body: LogOut,
      responses: { 204: { description: 'All sessions have ended' } },
      problems: [problems.tokenRevoked, invalidRefreshToken, refreshTokenReused],
      handler: async ({ body, user, client }) => {
        const device = deviceOf(client);
        if (body?.refreshToken === undefined) await sessions.logOutAll(await user(), device);
        else await sessions.logOutAllWith(body.refreshToken, device);
        return { status: 204 };
      },
    }),
  ];
}

function listRoutes(sessions: Sessions): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/auth/sessions',
      tag,
      summary: 'List your sessions, the latest login first',
      access: 'user',
      query: ListSessions,
      responses: { 200: { description: 'One page of sessions', schema: SessionPage } },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ user, query }) => ({ status: 200, body: await sessions.list(user, query) }),
    }),
    route({
      method: 'delete',
      path: '/api/auth/sessions/:id',
      tag,
      summary: 'End one of your sessions',
      access: 'user',
      params: SessionParams,
      responses: { 204: { description: 'The session has ended' } },
      problems: [problems.tokenRevoked],
      handler: async ({ user, params, client }) => {
        await sessions.end(user, params.id, deviceOf(client));
        return { status: 204 };
      },
    }),
  ];
}
