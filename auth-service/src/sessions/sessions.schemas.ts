import { listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const exampleRefreshToken = 'u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1';

export const tokenFields = {
  accessToken: z.string(),
  refreshToken: z
    .string()
    .meta({ description: 'Exchanges once for new tokens, with `POST /api/auth/refresh`. Keep it secret.' }),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
};

export const exampleTokens = {
  accessToken: 'eyJhbGciOiJSUzI1NiIs…',
  refreshToken: exampleRefreshToken,
  tokenType: 'Bearer' as const,
  expiresIn: 900,
};

export const TokenPair = z.object(tokenFields).meta({ id: 'TokenPair', examples: [exampleTokens] });

// A text that is no refresh token gets the same answer as an unknown one.
const RefreshTokenText = z.string().max(1_000);

export const Refresh = z
  .strictObject({ refreshToken: RefreshTokenText })
  .meta({ examples: [{ refreshToken: exampleRefreshToken }] });

/** Without a body, the bearer token says which session. */
export const LogOut = z
  .strictObject({ refreshToken: RefreshTokenText.optional() })
  .optional()
  .meta({ examples: [{ refreshToken: exampleRefreshToken }] });

export const SessionParams = z.object({ id: z.uuid().toLowerCase() });

export const ListSessions = listQuery({});

const exampleSession = {
  id: '0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21',
  current: true,
  device: 'Firefox on Linux',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  ip: '203.0.113.7',
  createdAt: '2026-11-24T09:30:00.000Z',
  lastUsedAt: '2026-11-24T10:00:00.000Z',
  expiresAt: '2026-12-24T10:00:00.000Z',
};

const SessionItem = z
  .object({
    id: z.string(),
    current: z.boolean().meta({ description: 'Whether the request was made with this session.' }),
    device: z
      .string()
      .nullable()
      .meta({ description: 'The program and the system that the user agent names.' }),
    userAgent: z.string().nullable(),
    ip: z.string().nullable().meta({ description: 'The address of the latest login or refresh.' }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().meta({ description: 'The time of the latest login or refresh.' }),
    expiresAt: z.iso.datetime().meta({ description: 'When the session ends unless it is refreshed.' }),
  })
  .meta({ id: 'Session', examples: [exampleSession] });

export const SessionPage = pageOf('SessionPage', SessionItem, [exampleSession]);

export type SessionQuery = z.output<typeof ListSessions>;
