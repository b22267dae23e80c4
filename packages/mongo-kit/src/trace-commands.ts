import { currentSpan } from '@polyglot-notes/service-kit';
import type { mongo } from 'mongoose';

type Span = NonNullable<ReturnType<typeof currentSpan>>;

/** Makes each command that a traced request sends a span of its own. The client must monitor commands. */
export function traceCommands(client: mongo.MongoClient): void {
  const spans = new Map<number, Span>();
  const end = (requestId: number, error?: unknown) => {
    spans.get(requestId)?.end({ error });
    spans.delete(requestId);
  };
  client.on('commandStarted', ({ requestId, commandName, command }) => {
    const collection: unknown = command[commandName];
    const name = `mongodb ${commandName}${typeof collection === 'string' ? ` ${collection}` : ''}`;
    const span = currentSpan()?.child(name, { 'db.system.name': 'mongodb' });
    if (span !== undefined) spans.set(requestId, span);
  });
  client.on('commandSucceeded', ({ requestId }) => end(requestId));
  client.on('commandFailed', ({ requestId, failure }) => end(requestId, failure));
}
