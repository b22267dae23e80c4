// What the tests of several services need.
export { audience, issuer, makeSigningKey, signAccessToken, startTestIssuer } from './issuer.ts';
export { listening, serverUrl } from './servers.ts';
export { mailsTo, tokenIn, waitForMails, type CaughtMail } from './mails.ts';
export { oneWins, statuses, until } from './outcomes.ts';
export { parseAnswer, sendBytes } from './raw-bytes.ts';
export { send, type RawAnswer } from './raw-request.ts';
export { breaks, fails, isSilent, startFake, type FakeCall } from './fake.ts';
export { startTcpProxy } from './tcp-proxy.ts';
