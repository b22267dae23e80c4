// What the tests of several services share: one HTTP client (`createClient`), factories of test data (`build*` with
// overrides), users of a running system (`newUser`, `logIn`, `startLoad`), fakes of other services, and faults on the network.
export { createClient, type Answer, type CallOptions, type Client } from './http-client.ts';
export { buildAccount, buildNote, newSecret, unique, type Account } from './factories.ts';
export { logIn, login, newUser, type User } from './users.ts';
export { startLoad } from './load.ts';
export { audience, issuer, makeSigningKey, signAccessToken, startTestIssuer } from './issuer.ts';
export { freePort, freePorts } from './free-ports.ts';
export { listening, serverUrl } from './servers.ts';
export { mailsTo, tokenIn, waitForMails, type CaughtMail } from './mails.ts';
export { oneWins, statuses } from './outcomes.ts';
export { scaled, until } from './waiting.ts';
export { parseAnswer, sendBytes } from './raw-bytes.ts';
export { send, type RawAnswer } from './raw-request.ts';
export { answers500, dropsConnection, neverAnswers, startFake, type FakeCall } from './fake.ts';
export { resolveTo } from './resolve-to.ts';
export { startTcpProxy } from './tcp-proxy.ts';
export { recordTracing } from './tracing.ts';
export { randomNumbers } from './random-numbers.ts';
