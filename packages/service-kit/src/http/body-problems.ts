import type { IncomingMessage } from 'node:http';
import { Problem, problems } from '../problems/problem.ts';

const mebibyte = 1024 * 1024;

export const sizeInWords = (bytes: number): string =>
  bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;

export const tooLarge = (limitBytes: number): Problem =>
  new Problem(problems.payloadTooLarge, {
    detail: `The body may have at most ${sizeInWords(limitBytes)}.`,
  });

// Many clients write utf8.
const otherCharset = /;\s*charset=(?!(?:utf-?8|"utf-?8")\s*(?:;|$))/i;

export const hasOtherCharset = ({ headers }: IncomingMessage): boolean =>
  otherCharset.test(headers['content-type'] ?? '');
