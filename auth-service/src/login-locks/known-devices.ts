import type { ErasuresRepository } from '../credentials/erasures.repository.ts';
import type { KnownDevicesRepository } from './known-devices.repository.ts';
import type { LockKeys } from './lock-keys.ts';
import { networkOf } from './network.ts';

interface Dependencies {
  knownDeviceIds: KnownDevicesRepository;
  erasures: Pick<ErasuresRepository, 'has'>;
  lockKeys: LockKeys;
}

type Address = string | null | undefined;

export type KnownDevices = ReturnType<typeof createKnownDevices>;

/** The networks from which accounts were used in the last 90 days, the newest fifty of each. */
export const createKnownDevices = ({ knownDeviceIds, erasures, lockKeys }: Dependencies) => ({
  /** Without an account, the answer is false after the same time. */
  has: (account: { _id: string } | null, address: Address): Promise<boolean> =>
    knownDeviceIds.has(lockKeys.ofDevice(account?._id ?? '', networkOf(address))),

  /** Returns whether the device was not known before, while another one was. */
  async remember(userId: string, address: Address): Promise<boolean> {
    const id = lockKeys.ofDevice(userId, networkOf(address));
    const isNew = await knownDeviceIds.add(id, userId);
    if (!isNew) return false;
    await knownDeviceIds.removeOldest(userId);
    // An erasure in between has not seen the device.
    if (await erasures.has(userId)) await knownDeviceIds.removeAllOf(userId);
    return knownDeviceIds.hasOther(id, userId);
  },

  /** Keeps a device known. A refresh token that was stolen makes no device known. */
  renew: (userId: string, address: Address): Promise<void> =>
    knownDeviceIds.renew(lockKeys.ofDevice(userId, networkOf(address))),

  forgetAll: (userId: string): Promise<void> => knownDeviceIds.removeAllOf(userId),
});
