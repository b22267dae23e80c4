import type { IncomingMessage } from 'node:http';
import { Problem, problems } from '../problems/problem.ts';

const mebibyte = 1024 * 1024;

/** A size in words: `2 MiB`, or `1000 bytes` when it is not a whole number of MiB. */
export const sizeInWords = (bytes: number): string =>
  bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;

export const tooLarge = (limitBytes: number, cause?: unknown): Problem =>
  new Problem(problems.payloadTooLarge, {
    detail: `The body may have at most ${sizeInWords(limitBytes)}.`,
    cause,
  });

const otherCharset = /;\s*charset=(?!"?utf-8"?\s*(?:;|$))/i;

/** Whether Content-Type names a charset other than UTF-8. */
export const hasOtherCharset = ({ headers }: IncomingMessage): boolean =>
  otherCharset.test(headers['content-type'] ?? '');
