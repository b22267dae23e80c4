// Traces of a system whose services send their spans to a fake collector.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newDelivery } from '@polyglot-notes/service-kit';
import { buildNote, newUser, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import { openStores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

interface Span {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string }[];
}

/** The body of a request to `/v1/traces` (OTLP in JSON). */
interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
}

const services = ['auth-service', 'gateway', 'notes-service', 'user-service'];
let collector: Server;
let spans: Span[] = [];
let system: System;
beforeAll(async () => {
  collector = createServer((req, res) => {
    void json(req).then((body) => {
      for (const { resource, scopeSpans } of (body as Export).resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')!.value.stringValue;
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, service });
      }
      res.setHeader('Content-Type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  system = await startSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: serverUrl(collector) });
});
beforeEach(() => {
  spans = [];
});
afterAll(async () => {
  await system.close();
  collector.close();
});

const ofTrace = (traceId: string) => spans.filter((span) => span.traceId === traceId);
const rootOf = (name: string) =>
  spans.find((span) => span.service === 'gateway' && span.name === name && !span.parentSpanId);

describe('the trace of a request', () => {
  test('is one over all services and their databases, from the gateway on, and in their logs', async () => {
    const user = await newUser(system.api);
    await user.call('POST', '/api/notes', { body: buildNote() });
    const admin = await system.asAdmin();
    const { status } = await admin.call('DELETE', `/api/users/${user.id}`);
    expect(status).toBe(200);
    const root = () => rootOf('DELETE user');
    await until(() => new Set(ofTrace(root()?.traceId ?? '').map(({ service }) => service)).size === 4);
    const { traceId } = root()!;
    await until(() => {
      const ids = new Set(ofTrace(traceId).map(({ spanId }) => spanId));
      return ofTrace(traceId).every(({ parentSpanId }) => !parentSpanId || ids.has(parentSpanId));
    });
    const names = ofTrace(traceId).map(({ service, name }) => `${service}: ${name}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'gateway: DELETE user',
        'user-service: DELETE /api/users/:id',
        'user-service: DELETE auth-service',
        'user-service: DELETE notes-service',
        expect.stringMatching(/^user-service: mongodb \w+ profiles$/),
        'auth-service: DELETE /internal/accounts/:id',
        expect.stringMatching(/^auth-service: mongodb \w+ credentials$/),
        expect.stringMatching(/^notes-service: DELETE \/internal\/owners\/:\w+$/),
        'notes-service: postgresql',
      ]),
    );
    for (const service of services) {
      const logged = async () => (await readFile(system.logFiles[service]!, 'utf8')).includes(traceId);
      await until(logged);
    }
  });

  test('is a new one, with a link, when a client sends a sampled one', async () => {
    const theirs = 'a'.repeat(32);
    await system.api.call('GET', '/.well-known/jwks.json', {
      headers: { traceparent: `00-${theirs}-${'b'.repeat(16)}-01` },
    });
    await until(() => rootOf('GET auth') !== undefined);
    const { traceId, links } = rootOf('GET auth')!;
    expect(links?.map((link) => link.traceId)).toEqual([theirs]);
    await until(() => ofTrace(traceId).length > 1);
    expect(ofTrace(theirs)).toEqual([]);
  });
});

describe('the trace of background work', () => {
  const find = (service: string, name: string) =>
    spans.find((span) => span.service === service && span.name === name);
  const namesWith = (span: Span | undefined) =>
    ofTrace(span?.traceId ?? '').map(({ service, name }) => `${service}: ${name}`);

  test('has a link to the request that has caused a mail', async () => {
    const { email } = await newUser(system.api);
    await system.api.call('POST', '/api/auth/forgot-password', { body: { email } });
    const mail = () => find('auth-service', 'deliver mail');
    const request = () => find('auth-service', 'POST /api/auth/forgot-password');
    await until(() => mail() !== undefined && request() !== undefined);
    expect(mail()!.parentSpanId).toBeFalsy();
    expect(mail()!.links?.map(({ traceId }) => traceId)).toEqual([request()!.traceId]);
    expect(namesWith(mail())).toEqual(expect.arrayContaining(['auth-service: smtp']));
  });

  test('is one over the services that a delivery calls, and in their logs', async () => {
    const user = await newUser(system.api);
    const stores = await openStores(system);
    await stores.profiles.updateOne({ _id: user.id }, { $set: { delivery: newDelivery(0, new Date()) } });
    await stores.close();
    const delivery = () => find('user-service', 'deliver account');
    const called = 'auth-service: PUT /internal/accounts/:id';
    await until(() => namesWith(delivery()).includes(called));
    expect(namesWith(delivery())).toEqual(expect.arrayContaining(['user-service: PUT auth-service']));
    const { traceId } = delivery()!;
    await until(async () => (await readFile(system.logFiles['auth-service']!, 'utf8')).includes(traceId));
  });

  test('exists for a run that has moved events to the audit trail', async () => {
    await newUser(system.api);
    const run = () => find('auth-service', 'keep events');
    await until(() => run() !== undefined);
    expect(namesWith(run())).toEqual(expect.arrayContaining(['auth-service: mongodb insert events']));
  });

  test('does not begin while there is nothing to do', async () => {
    const sentInSixSeconds = async () => {
      spans = [];
      // Longer than spans wait to be sent.
      await delay(6_000);
      return spans;
    };
    // At first, the work of the tests before goes on, and the stores are compared once. Idle runs are more frequent.
    await until(async () => (await sentInSixSeconds()).length === 0, 60_000);
    expect(spans).toEqual([]);
  });
});
