import { Email, parsePlainUrl, text, Username } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Role, Status } from './account-state.ts';

const maxAvatar = 2_048;
const notAnAvatar = `must be an http or https URL of at most ${maxAvatar} characters, without blanks and credentials`;

/** An http or https URL, in the form in which it was parsed: it is safe in an HTML attribute with double quotes. */
const Avatar = z
  .string()
  .trim()
  .pipe(
    text({ max: maxAvatar })
      .transform((value) => parsePlainUrl(value, ['http', 'https'])?.href ?? '')
      .refine((href) => href !== '' && href.length <= maxAvatar, notAnAvatar),
  )
  .meta({
    format: 'uri',
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s\\x00-\\x1f\\x7f/?#@]+(?:[/?#][^\\s\\x00-\\x1f\\x7f]*)?$',
    maxLength: maxAvatar,
  });

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
    role: Role,
    status: Status,
    bio: z.string().nullable(),
    avatar: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User', examples: [exampleUser] });

/** The state that auth-service desires. A username is given only to create the profile. */
export const DesiredProfile = z.strictObject({
  profileVersion: z.int().positive(),
  email: Email,
  emailVerified: z.boolean(),
  accessVersion: z.int().positive(),
  username: Username.optional(),
});

export type DesiredProfile = z.output<typeof DesiredProfile>;
