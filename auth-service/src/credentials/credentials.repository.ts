import type { Credential, CredentialModel } from './credential.model.ts';

/** A credential that can be used: its registration is complete and its account is active. */
export const usable = { state: 'active', status: 'active' } as const;

export type CredentialsRepository = ReturnType<typeof createCredentialsRepository>;

/** The reads that several features share. Each feature has its own writes. */
export const createCredentialsRepository = (credentials: CredentialModel) => ({
  find: (id: string): Promise<Credential | null> => credentials.findById(id).lean<Credential>().exec(),

  findByEmail: (email: string): Promise<Credential | null> =>
    credentials.findOne({ email }).lean<Credential>().exec(),

  findUsable: (id: string): Promise<Credential | null> =>
    credentials
      .findOne({ _id: id, ...usable })
      .lean<Credential>()
      .exec(),

  hasActiveAdmin: async (): Promise<boolean> =>
    (await credentials.exists({ ...usable, role: 'admin' })) !== null,

  listAfter: (id: string, limit: number): Promise<Credential[]> =>
    credentials
      .find({ _id: { $gt: id } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Credential[]>()
      .exec(),
});
