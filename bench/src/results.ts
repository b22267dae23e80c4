import type { Answer } from './requests.ts';

/** An instance of a service, with the URL of a call that needs a token. */
export interface Target {
  service: string;
  url: string;
}

/** A session whose token every target gets. `revocation` is set when the revocation is requested. */
export interface Session {
  id: string;
  token: string;
  revocation?: { confirmedAt?: number };
}

export interface User {
  id: string;
  email: string;
  sessions: [Session, Session];
}

/** A token that is accepted for longer after its revocation is a fault. */
export const toleratedMs = 5_000;

export type Results = ReturnType<typeof createResults>;

/** Collects the answers to requests with the tokens of sessions, and the faults. */
export function createResults() {
  const lastAccepted = new Map<Session, Map<Target, number>>();
  /** The number of occurrences of each fault. */
  const faults = new Map<string, number>();

  function fault(sentence: string): void {
    faults.set(sentence, (faults.get(sentence) ?? 0) + 1);
  }

  return {
    faults,
    fault,

    /** Records the answer of a target to the token of a session. Returns whether the token was accepted. */
    add(session: Session, target: Target, { status, sentAt }: Pick<Answer, 'status' | 'sentAt'>): boolean {
      if (status === 200) {
        const ofSession = lastAccepted.get(session) ?? new Map<Target, number>();
        // Answers can arrive out of order.
        lastAccepted.set(session, ofSession.set(target, Math.max(sentAt, ofSession.get(target) ?? 0)));
        const late = sentAt - (session.revocation?.confirmedAt ?? Number.POSITIVE_INFINITY);
        if (late > toleratedMs)
          fault(`${target.service} accepted a token ${toleratedMs} ms after its revocation`);
        return true;
      }
      if (status !== 401) fault(`${target.service} answered ${status}`);
      else if (session.revocation === undefined) fault(`${target.service} refused a valid token`);
      return false;
    },

    /** The ms from the confirmed revocation until the target's last accepted request was sent. */
    acceptedFor(session: Session, target: Target): number {
      const confirmedAt = session.revocation?.confirmedAt ?? Number.POSITIVE_INFINITY;
      return Math.max(0, (lastAccepted.get(session)?.get(target) ?? 0) - confirmedAt);
    },
  };
}
