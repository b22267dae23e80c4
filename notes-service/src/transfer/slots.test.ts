import { describe, expect, test } from '@jest/globals';
import { createSlots, waitForSlot } from './slots.ts';

const signal = new AbortController().signal;

describe('waiting for a slot', () => {
  test('ends when the slot is free', async () => {
    const take = createSlots(1);
    const release = take('a');
    const waiting = waitForSlot(() => take('a'), { waitMs: 60_000, signal });
    release();
    const releaseSecond = await waiting;
    expect(() => take('b')).toThrow(/unavailable/);
    releaseSecond();
    expect(() => take('b')).not.toThrow();
  });

  test('ends with the refusal after its time', async () => {
    const take = createSlots(1);
    take('a');
    await expect(waitForSlot(() => take('a'), { waitMs: 0, signal })).rejects.toMatchObject({
      type: { code: 'rate_limited' },
    });
    await expect(waitForSlot(() => take('b'), { waitMs: 0, signal })).rejects.toMatchObject({
      type: { code: 'service_unavailable' },
    });
  });

  test('ends when the caller has disconnected', async () => {
    const take = createSlots(1);
    take('a');
    await expect(
      waitForSlot(() => take('a'), { waitMs: 60_000, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
