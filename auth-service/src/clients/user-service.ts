import {
  ServiceRefusalError,
  ServiceUnreachableError,
  type InternalClient,
} from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { AccountState } from '../credentials/account-state.ts';

/** The profile state that auth-service decides. user-service creates a profile only when a username is given. */
export interface DesiredProfile {
  profileVersion: number;
  email: string;
  emailVerified: boolean;
  accessVersion: number;
  username?: string;
}

/** The user in the answer to a registration, as user-service returns it. */
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

const StoredProfile = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('present'),
    profileVersion: z.int(),
    accessVersion: z.int(),
    user: RegisteredUser,
  }),
  z.object({ state: z.literal('absent') }),
]);
const Refusal = z.object({ code: z.string() });
const ProfileName = RegisteredUser.pick({ username: true });

const Appointment = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not_needed') }),
  z.object({ state: z.literal('appointed'), account: AccountState }),
]);

export type UserService = ReturnType<typeof createUserServiceClient>;

/** The calls to user-service. They throw like an InternalClient. */
export const createUserServiceClient = (client: InternalClient) => ({
  async putProfile(
    id: string,
    desired: DesiredProfile,
  ): Promise<z.output<typeof StoredProfile> | { state: 'username_taken' }> {
    const { status, data } = await client.request('PUT', `/internal/profiles/${id}`, desired);
    if (status === 200) return StoredProfile.parse(data);
    const code = Refusal.safeParse(data).data?.code;
    if (status === 409 && code === 'username_taken') return { state: 'username_taken' };
    throw new ServiceRefusalError('user-service', status, code);
  },

  /** Removes a profile and leaves a tombstone, so no delayed call can create it. */
  async removeProfile(id: string): Promise<void> {
    await client.call('DELETE', `/internal/profiles/${id}`);
  },

  /** The username of a profile. Undefined when there is none and when user-service is unavailable. */
  async findUsername(id: string): Promise<string | undefined> {
    try {
      const { data } = await client.request('GET', `/internal/profiles/${id}`);
      return ProfileName.safeParse(data).data?.username;
    } catch (error) {
      if (error instanceof ServiceUnreachableError) return undefined;
      throw error;
    }
  },

  /** Makes user-service refuse the access tokens of a session. */
  async endSession(id: string): Promise<void> {
    await client.call('PUT', `/internal/ended-sessions/${id}`);
  },

  /** Makes the account an admin if there is none. A repeat returns the same answer. */
  appointFirstAdmin: async (id: string): Promise<z.output<typeof Appointment>> =>
    Appointment.parse(await client.call('PUT', '/internal/first-admin', { id })),
});
