import { problems, route, type Route } from '@polyglot-notes/service-kit';
import {
  idempotencyHeaders,
  idempotencyKeyReused,
  keyedRequest,
  replayedHeader,
} from '../idempotency/idempotency.ts';
import { conditionProblems } from '../notes/notes.routes.ts';
import { noteLimitReached, storageLimitReached } from '../owners/limits.ts';
import { Batch, BatchResults } from './batch.schemas.ts';
import { createBatchService, type BatchDependencies } from './batch.service.ts';
import { identityOf, parseOperation } from './parse-operation.ts';

const call = { method: 'post', path: '/api/notes/batch' } as const;

export function batchRoutes(dependencies: BatchDependencies): Route[] {
  const batches = createBatchService(dependencies);
  return [
    route({
      ...call,
      tag: 'Notes',
      summary: 'Create, change, delete and restore up to 100 notes',
      description:
        'The operations run in their order, in one transaction, and each sees the ones before it. Each result has the status and the body that the operation alone would have: the note, `null` after a deletion, or a problem. A refused operation does not affect the others, unless the batch is `atomic`: then nothing changes, and the response is the problem of the first refused operation with its position, from 0, as `index`. The notes in one response have up to 4 MiB of contents as JSON, or 256 KiB with an `Idempotency-Key`; further ones lack `content`.',
      access: 'user',
      timeout: 'long',
      body: Batch,
      requestHeaders: idempotencyHeaders,
      responses: {
        200: {
          description: 'The results of the operations in their order',
          schema: BatchResults,
          optionalHeaders: replayedHeader,
        },
      },
      problems: [
        ...conditionProblems,
        problems.notFound,
        idempotencyKeyReused,
        noteLimitReached,
        storageLimitReached,
      ],
      handler: ({ user, body: { atomic, operations }, header }) => {
        const parsed = operations.map(parseOperation);
        const body = { atomic, operations: parsed.map(identityOf) };
        const request = keyedRequest(header, { ...call, body });
        return batches.run(user.id, parsed, { isAtomic: atomic, request });
      },
    }),
  ];
}
