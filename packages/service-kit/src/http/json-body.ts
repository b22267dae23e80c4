import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { hasOtherCharset, tooLarge } from './body-problems.ts';
import { bytesUpTo, contentLength, defaultLimitBytes, hasBody } from './read-body.ts';
import type { Step } from './route.ts';

const decoders = new Map<string, () => ReturnType<typeof createGunzip>>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Reads a JSON body of at most `limitBytes` into `req.body`. A body of blanks counts as none. Each way in which that can
 * fail has its own problem. A body that is too large, or of another type, is refused before its end.
 */
export function jsonBody(limitBytes = defaultLimitBytes): Step {
  return async (req) => {
    req.body = await readJson(req, limitBytes);
  };
}

async function readJson(req: Request, limitBytes: number): Promise<unknown> {
  if (!hasBody(req)) return undefined;
  // RFC 8259, section 8.1: JSON between systems is UTF-8.
  const isJson = Boolean(req.is('application/json')) && !hasOtherCharset(req);
  if (!isJson && contentLength(req.headers) > 0) throw notJson();
  const text = decode(await readDecoded(req, isJson, limitBytes));
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem(problems.malformedJson, { cause });
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem(problems.malformedJson, { detail: 'The body is not valid UTF-8.', cause });
  }
}

async function readDecoded(req: Request, isJson: boolean, limitBytes: number): Promise<Buffer> {
  const bytes = bytesUpTo(limitBytes, req);
  const coding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity') return collect(bytes, isJson, limitBytes);
  const decoder = decoders.get(coding);
  if (decoder === undefined) throw notJson();
  try {
    return await pipeline(bytes, decoder(), (decoded) => collect(decoded, isJson, limitBytes));
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(problems.malformedJson, { cause });
  }
}

async function collect(source: AsyncIterable<Buffer>, isJson: boolean, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    if (!isJson && /[^ \t\r\n]/.test(chunk.toString('latin1'))) throw notJson();
    bytes += chunk.length;
    if (bytes > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const notJson = () =>
  new Problem(problems.unsupportedMediaType, {
    detail: 'The body must be application/json in UTF-8.',
  });
