import {
  ServiceRefusalError,
  ServiceUnreachableError,
  type InternalClient,
} from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** What the profile of an account is to say, with the number of this wish; a new one is made only with a username. */
export interface DesiredProfile {
  version: number;
  email: string;
  emailVerified: boolean;
  /** The least version of access that tokens must have. */
  minVer: number;
  username?: string;
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
  z.object({
    state: z.literal('present'),
    version: z.int(),
    minVer: z.int(),
    user: RegisteredUser,
  }),
  z.object({ state: z.literal('absent') }),
]);
const Refusal = z.object({ code: z.string() });
const ProfileName = z.object({ username: z.string() });

const Appointment = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not_needed') }),
  z.object({
    state: z.literal('appointed'),
    account: z.object({
      version: z.int(),
      role: z.literal('admin'),
      status: z.literal('active'),
      accessRevocations: z.int(),
      sessionRevocations: z.int(),
    }),
  }),
]);

export type ProfileOutcome = z.output<typeof Held> | { state: 'username_taken' };

export type UserService = ReturnType<typeof userServiceClient>;

/** The calls of user-service that are needed here. They throw as an InternalClient does. */
export const userServiceClient = (client: InternalClient) => ({
  async putProfile(id: string, desired: DesiredProfile): Promise<ProfileOutcome> {
    const { status, data } = await client.request('PUT', `/internal/profiles/${id}`, desired);
    if (status === 200) return Held.parse(data);
    if (status === 409 && Refusal.safeParse(data).data?.code === 'username_taken')
      return { state: 'username_taken' };
    throw new ServiceRefusalError('user-service', status, Refusal.safeParse(data).data?.code);
  },

  /** Makes sure that there is no such profile, now and later. */
  async removeProfile(id: string): Promise<void> {
    await client.call('DELETE', `/internal/profiles/${id}`);
  },

  /** The username of a profile; undefined when there is none, or when it cannot be asked for now. */
  async findUsername(id: string): Promise<string | undefined> {
    try {
      const { data } = await client.request('GET', `/internal/profiles/${id}`);
      return ProfileName.safeParse(data).data?.username;
    } catch (error) {
      // A rule for passwords is not worth that nobody can change theirs for as long as user-service is away.
      if (error instanceof ServiceUnreachableError) return undefined;
      throw error;
    }
  },

  /** Makes the account an admin if there is none; the answer is the same when it has happened before. */
  appointFirstAdmin: async (id: string): Promise<z.output<typeof Appointment>> =>
    Appointment.parse(await client.call('PUT', '/internal/first-admin', { id })),
});
