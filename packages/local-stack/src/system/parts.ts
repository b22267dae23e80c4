interface Part {
  /** Resolves with false if the part did not end in order. */
  stop(): Promise<boolean | void>;
  /** Resolves with a sentence when the part has ended. */
  exited?: Promise<string>;
}

export type Parts = ReturnType<typeof createParts>;

/** The running parts of a system. `stop` stops them in reverse and returns whether each ended in order. */
export function createParts() {
  const running: Part[] = [];
  const failed = Promise.withResolvers<string>();
  let stopping = false;
  return {
    /** Resolves with a sentence when a part ends without `stop`. */
    failed: failed.promise,

    isStopping: () => stopping,

    add(part: Part): void {
      running.push(part);
      void part.exited?.then((sentence) => {
        if (!stopping) failed.resolve(sentence);
      });
    },

    async stop(): Promise<boolean> {
      stopping = true;
      let inOrder = true;
      for (let part = running.pop(); part; part = running.pop())
        inOrder = (await part.stop()) !== false && inOrder;
      return inOrder;
    },
  };
}
