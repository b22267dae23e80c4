import { beforeEach, describe, expect, test } from '@jest/globals';
import { createCircuitBreaker } from './circuit-breaker.ts';

let now: number;
let breaker: ReturnType<typeof createCircuitBreaker>;
beforeEach(() => {
  now = 0;
  breaker = createCircuitBreaker(() => now);
});

const begin = () => {
  const attempt = breaker.begin();
  if (attempt === undefined) throw new Error('refused');
  return attempt;
};
const isOpen = () => breaker.begin() === undefined;
const fail = (times: number, afterMs = 10_000) => {
  for (let time = 0; time < times; time++) {
    const attempt = begin();
    now += afterMs;
    attempt.failed('unavailable');
  }
};

describe('a circuit breaker', () => {
  test('opens on three faults in a row, not on two', () => {
    fail(2);
    expect(isOpen()).toBe(false);
    fail(1);
    expect(isOpen()).toBe(true);
    expect(breaker.lastFault()).toBe('unavailable');
  });

  test('does not count faults with a response in between', () => {
    for (let round = 0; round < 10; round++) {
      fail(2);
      begin().answered();
    }
    expect(isOpen()).toBe(false);
  });

  test('does not count slow requests while others get a response', () => {
    const slow = Array.from({ length: 10 }, begin);
    now += 5_000;
    begin().answered();
    now += 5_000;
    for (const attempt of slow) attempt.failed('silence');
    expect(isOpen()).toBe(false);
  });

  test('forgets faults after a minute', () => {
    fail(2);
    now += 61_000;
    fail(1);
    expect(isOpen()).toBe(false);
  });

  test('allows one attempt per second, even while another attempt hangs', () => {
    fail(3);
    for (let second = 0; second < 5; second++) {
      now += 1_000;
      expect([isOpen(), isOpen(), isOpen()]).toEqual([false, true, true]);
    }
  });

  test('does not count quick faults', () => {
    fail(10, 1);
    expect(isOpen()).toBe(false);
  });

  test('closes with any response, even to a request from before it opened', () => {
    const early = begin();
    fail(3);
    expect(isOpen()).toBe(true);
    early.answered();
    expect([isOpen(), isOpen()]).toEqual([false, false]);
  });

  test('stays open for another second when the attempt fails', () => {
    fail(3);
    now += 1_000;
    fail(1);
    now += 999;
    expect(isOpen()).toBe(true);
    now += 1;
    expect(isOpen()).toBe(false);
  });
});
