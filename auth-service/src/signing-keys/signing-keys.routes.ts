import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys.service.ts';

const Jwks = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('RSA'),
        n: z.string(),
        e: z.string(),
        kid: z.string(),
        alg: z.literal('RS256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({
    id: 'JsonWebKeySet',
    examples: [
      {
        keys: [
          {
            kty: 'RSA',
            n: 'u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t…',
            e: 'AQAB',
            kid: 'b3pJ2mF0m1n6eQ0w4m0v8yZr0v3c9qk2',
            alg: 'RS256',
            use: 'sig',
          },
        ],
      },
    ],
  });

export const signingKeysRoutes = ({ signingKeys }: { signingKeys: Pick<SigningKeys, 'jwks'> }): Route[] => [
  route({
    method: 'get',
    path: '/.well-known/jwks.json',
    tag: 'Auth',
    summary: 'Read the public keys that access tokens are signed with',
    access: 'public',
    responses: { 200: { description: 'A JWK Set (RFC 7517)', schema: Jwks } },
    handler: async () => ({ status: 200, body: signingKeys.jwks() }),
  }),
];
