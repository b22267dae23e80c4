import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** The profile that a new account is to have, with the number of this wish. */
export interface DesiredProfile {
  version: number;
  email: string;
  emailVerified: boolean;
  username: string;
}

/** The user as user-service describes it, which registration passes on to the client. */
export const RegisteredUser = z
  .object({
    id: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    username: z.string(),
    role: z.string(),
    status: z.string(),
    bio: z.string().nullable(),
    avatar: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'RegisteredUser' });

const Held = z.discriminatedUnion('state', [
  z.object({ state: z.literal('present'), user: RegisteredUser }),
  z.object({ state: z.literal('absent') }),
]);
const Refusal = z.object({ code: z.string() });

export type ProfileOutcome = z.output<typeof Held> | { state: 'username_taken' };

export type UserService = ReturnType<typeof userServiceClient>;

/** The calls of user-service that registration needs. They throw `service_unavailable` when there is no answer. */
export const userServiceClient = (client: InternalClient) => ({
  async putProfile(id: string, desired: DesiredProfile): Promise<ProfileOutcome> {
    const { status, data } = await client.request('PUT', `/internal/profiles/${id}`, desired);
    if (status === 200) return Held.parse(data);
    if (status === 409 && Refusal.safeParse(data).data?.code === 'username_taken')
      return { state: 'username_taken' };
    throw new Error(`user-service answered ${status} to a profile`);
  },

  /** Makes sure that there is no such profile, now and later. */
  async removeProfile(id: string): Promise<void> {
    const { status } = await client.request('DELETE', `/internal/profiles/${id}`);
    if (status !== 200) throw new Error(`user-service answered ${status} to the removal of a profile`);
  },
});
