import { text } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"');

const isWebUrl = (value: string) => /^https?:\/\//i.test(value) && URL.canParse(value);

const Avatar = z
  .string()
  .trim()
  .pipe(text({ max: 2_048 }).refine(isWebUrl, 'must be an http or https URL'))
  .meta({ format: 'uri' });

export const UpdateMe = z
  .strictObject({ username: Username, bio: text({ max: 500 }).nullable(), avatar: Avatar.nullable() })
  .partial()
  .meta({ examples: [{ bio: 'Writes things down', avatar: 'https://example.com/ada.png' }] });

export type ProfileChanges = z.output<typeof UpdateMe>;

export const exampleUser = {
  id: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  email: 'ada@example.com',
  emailVerified: false,
  username: 'ada',
  role: 'user' as const,
  status: 'active' as const,
  bio: 'Writes things down',
  avatar: null,
  createdAt: '2026-11-24T09:30:00.000Z',
  updatedAt: '2026-11-24T09:31:12.345Z',
};

export const User = z
  .object({
    id: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    username: z.string(),
    role: z.enum(['user', 'admin']),
    status: z.enum(['active', 'deactivated', 'deleting']),
    bio: z.string().nullable(),
    avatar: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User', examples: [exampleUser] });

export const ProfileParams = z.object({ id: z.uuid() });

/** What auth-service wants the profile to be, with the number of that wish; the username only when it is to be made. */
export const DesiredProfile = z.strictObject({
  version: z.int().positive(),
  email: z.string(),
  emailVerified: z.boolean(),
  minVer: z.int().positive(),
  username: Username.optional(),
});

export type DesiredProfile = z.output<typeof DesiredProfile>;

export const HeldProfile = z.discriminatedUnion('state', [
  z.object({ state: z.literal('present'), version: z.int(), minVer: z.int(), user: User }),
  z.object({ state: z.literal('absent') }),
]);

export const ProfileName = z.object({ username: z.string() });
