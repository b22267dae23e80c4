/** The other end of the channel between the primary process of a service and one of its workers. */
export interface Peer {
  /** Calls the other process. Rejects when that throws, or knows no such topic; it may never settle once that has ended. */
  call<Result>(topic: string, body?: unknown): Promise<Result>;
  /** Sets what this process answers to the calls of a topic. */
  answer(topic: string, handler: Answer): void;
  /** Takes a message of the channel, and ignores one that is not of a peer. */
  receive(message: unknown): void;
}

export type Answer = (body: unknown) => unknown;

interface PeerMessage {
  calls: [id: number, topic: string, body: unknown][];
  results: [id: number, result: unknown][];
  failures: [id: number, message: string][];
}

const emptyMessage = (): PeerMessage => ({ calls: [], results: [], failures: [] });
const isPeerMessage = (message: unknown): message is PeerMessage =>
  typeof message === 'object' && message !== null && 'calls' in message;

/** Creates a peer on a channel that sends JSON. Everything of one turn of the event loop is one message, which costs a system call. */
export function createPeer(send: (message: object) => void): Peer {
  const answers = new Map<string, Answer>();
  // By id, which is used again. A Map would keep settled calls until a full garbage collection, by its former tables.
  const open: (PromiseWithResolvers<unknown> | undefined)[] = [];
  const freeIds: number[] = [];
  let next: PeerMessage | undefined;

  function outgoing(): PeerMessage {
    if (next === undefined) {
      next = emptyMessage();
      setImmediate(flush);
    }
    return next;
  }

  function flush(): void {
    if (next !== undefined) send(next);
    next = undefined;
  }

  async function answerCall([id, topic, body]: PeerMessage['calls'][number]): Promise<void> {
    try {
      const handler = answers.get(topic);
      if (handler === undefined) throw new Error(`nothing answers ${topic}`);
      const result = await handler(body);
      outgoing().results.push([id, result]);
    } catch (error) {
      outgoing().failures.push([id, String(error)]);
    }
  }

  function settle(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiting = open[id];
    if (waiting === undefined) return undefined;
    open[id] = undefined;
    freeIds.push(id);
    return waiting;
  }

  return {
    call<Result>(topic: string, body: unknown = null) {
      const waiting = Promise.withResolvers<unknown>();
      const id = freeIds.pop() ?? open.length;
      open[id] = waiting;
      outgoing().calls.push([id, topic, body]);
      return waiting.promise as Promise<Result>;
    },
    answer: (topic, handler) => void answers.set(topic, handler),
    receive(message) {
      if (!isPeerMessage(message)) return;
      for (const call of message.calls) void answerCall(call);
      for (const [id, result] of message.results) settle(id)?.resolve(result);
      for (const [id, reason] of message.failures) settle(id)?.reject(new Error(reason));
    },
  };
}
