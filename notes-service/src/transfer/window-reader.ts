import type { FileHandle } from 'node:fs/promises';
import { callbackify } from 'node:util';
import { RandomAccessReader } from 'yauzl';

const windowBytes = 65_536;

/**
 * Reads a file through two windows of 64 KiB, one for the directory of an archive and one for its entries, because yauzl
 * reads a few bytes at a time.
 */
export class WindowReader extends RandomAccessReader {
  readonly #file: FileHandle;
  #last = emptyWindow();
  #other = emptyWindow();

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    callbackify(() => this.#fill(target.subarray(offset, offset + length), position))(callback);
  }

  /** Throws if the file ends before. */
  async bytesAt(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    if ((await this.#fill(bytes, position)) < length) throw new Error('the archive is incomplete');
    return bytes;
  }

  async #fill(target: Buffer, position: number): Promise<number> {
    if (target.length > windowBytes) return this.#readAt(target, position);
    const end = position + target.length;
    const isIn = ({ from, to }: Window) => from <= position && end <= to;
    if (!isIn(this.#last)) [this.#last, this.#other] = [this.#other, this.#last];
    const window = this.#last;
    if (!isIn(window)) {
      window.to = window.from = position;
      window.to += await this.#readAt(window.bytes, position);
    }
    return window.bytes.copy(target, 0, position - window.from, Math.min(end, window.to) - window.from);
  }

  async #readAt(target: Buffer, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await this.#file.read(target, done, target.length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }
}

interface Window {
  from: number;
  to: number;
  bytes: Buffer;
}

const emptyWindow = (): Window => ({ from: 0, to: 0, bytes: Buffer.alloc(windowBytes) });
