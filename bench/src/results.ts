import type { Answer } from './requests.ts';

/** An instance of a service, and a call of it that needs a token. */
export interface Target {
  service: string;
  url: string;
}

/** A user whose token is tried at every target, and when its cut was confirmed; `cut` is set once it is asked for. */
export interface User {
  id: string;
  token: string;
  cut?: { confirmedAt?: number };
}

/** A token that holds for longer after its cut is a fault. */
export const toleratedMs = 5_000;

export type Results = ReturnType<typeof createResults>;

/** What comes of the requests with users' tokens, and what should not have. */
export function createResults() {
  const lastAccepted = new Map<User, Map<Target, number>>();
  /** How often each happened. */
  const faults = new Map<string, number>();

  function fault(sentence: string): void {
    faults.set(sentence, (faults.get(sentence) ?? 0) + 1);
  }

  return {
    faults,
    fault,

    /** Takes down what a target answered to the token of a user; whether it was accepted. */
    add(user: User, target: Target, { status, sentAt }: Pick<Answer, 'status' | 'sentAt'>): boolean {
      if (status === 200) {
        const ofUser = lastAccepted.get(user) ?? new Map<Target, number>();
        // Answers overtake each other.
        lastAccepted.set(user, ofUser.set(target, Math.max(sentAt, ofUser.get(target) ?? 0)));
        const late = sentAt - (user.cut?.confirmedAt ?? Number.POSITIVE_INFINITY);
        if (late > toleratedMs) fault(`${target.service} accepted a token ${toleratedMs} ms after its cut`);
        return true;
      }
      if (status !== 401) fault(`${target.service} answered ${status}`);
      else if (user.cut === undefined) fault(`${target.service} refused a token that was not cut off`);
      return false;
    },

    /** For how many ms after its cut was confirmed the target accepted the token, by when those requests were sent. */
    acceptedFor(user: User, target: Target): number {
      const confirmedAt = user.cut?.confirmedAt ?? Number.POSITIVE_INFINITY;
      return Math.max(0, (lastAccepted.get(user)?.get(target) ?? 0) - confirmedAt);
    },
  };
}
