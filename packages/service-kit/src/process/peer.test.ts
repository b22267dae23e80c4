import { expect, test } from '@jest/globals';
import { createPeer } from './peer.ts';

/** Two peers, and the messages between them. */
function connected() {
  const messages: object[] = [];
  const one = createPeer((message) => {
    messages.push(message);
    other.receive(JSON.parse(JSON.stringify(message)));
  });
  const other = createPeer((message) => {
    messages.push(message);
    one.receive(JSON.parse(JSON.stringify(message)));
  });
  return { one, other, messages };
}

test('sends all calls of one turn of the event loop in one message, and so their results', async () => {
  const { one, other, messages } = connected();
  other.answer('double', (body) => Number(body) * 2);
  expect(await Promise.all([1, 2, 3].map((n) => one.call('double', n)))).toEqual([2, 4, 6]);
  expect(messages).toHaveLength(2);
});

test('rejects a call that the other process cannot answer', async () => {
  const { one, other } = connected();
  other.answer('fail', async () => {
    throw new Error('a fault');
  });
  await expect(one.call('fail')).rejects.toThrow('a fault');
  await expect(one.call('unknown')).rejects.toThrow('nothing answers unknown');
});

test('ignores messages of others', () => {
  const { one, messages } = connected();
  for (const message of ['listening', null, 7, { cmd: 'other' }]) one.receive(message);
  expect(messages).toEqual([]);
});
