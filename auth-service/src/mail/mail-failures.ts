import { errorCode, type Failure } from '@polyglot-notes/service-kit';

/** A failure without the text of the mail server: that may quote the mail, which contains a token. */
class MailRefusal extends Error {
  override readonly name = 'MailRefusal';
}

/** An attempt that failed. */
export class MailError extends Error {
  override readonly name = 'MailError';
  /** Whether the mail server may have accepted the mail. */
  readonly mayHaveArrived: boolean;

  constructor(cause: unknown, mayHaveArrived: boolean) {
    super('a mail was not sent', { cause });
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** A mail that was not sent in the time in which it is of use. */
export class MailTooOldError extends Error {
  override readonly name = 'MailTooOldError';

  constructor(maxAgeHours: number, cause: unknown) {
    super(`not sent within ${maxAgeHours} hours`, { cause });
  }
}

interface SmtpError extends Error {
  responseCode: number;
  response?: unknown;
  command?: unknown;
}

// Faults of the address or of the mailbox (RFC 3463), but not of the address of the sender (5.1.7, 5.1.8), or routes to it.
const permanentOfRecipient = /^5\.(1\.(?![78]$)|2\.1$|4\.1$)/;
const permanentOfContent = /^5\.(6\.|3\.4$)/;

/** Classifies the failure to send a mail. Permanent are refusals of the recipient and of this mail; others are faults of the server, or of the account there. */
export function classifyMailFailure(error: unknown): Failure {
  if (error instanceof MailTooOldError) {
    const last = classifyMailFailure(error.cause);
    const publicReason = `${error.message}: ${last.publicReason}`;
    return { ...last, isPermanent: true, publicReason, cause: new MailRefusal(publicReason) };
  }
  const fault = error instanceof MailError ? error.cause : error;
  return isSmtpError(fault) ? classifyAnswer(fault) : classifyNoAnswer(fault);
}

function classifyAnswer({ responseCode, response, command }: SmtpError): Failure {
  const [, enhanced] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(String(response)) ?? [];
  const status = [responseCode, enhanced].filter(Boolean).join(' ');
  const publicReason = `the mail server answered ${status} to ${String(command)}`;
  return {
    isPermanent: isAboutMail(String(command), responseCode, enhanced),
    isExpected: responseCode < 500,
    publicReason,
    cause: new MailRefusal(publicReason),
  };
}

function isAboutMail(command: string, code: number, enhanced: string | undefined): boolean {
  if (code < 500) return false;
  if (command === 'RCPT TO')
    return enhanced === undefined ? [501, 550, 551, 553].includes(code) : permanentOfRecipient.test(enhanced);
  if (command !== 'DATA') return false;
  return enhanced === undefined ? code === 552 : permanentOfContent.test(enhanced);
}

function classifyNoAnswer(cause: unknown): Failure {
  const code = errorCode(cause);
  if (code === 'EENVELOPE') return classifyEnvelope(cause);
  if (code === 'ETIMEDOUT' || code === 'EABORT')
    return {
      isPermanent: false,
      isExpected: true,
      publicReason: 'the mail server did not accept the mail in time',
      cause,
    };
  if (Error.isError(cause) && 'response' in cause) return faultOfAnswer();
  if (typeof code !== 'string')
    return { isPermanent: false, isExpected: false, publicReason: 'internal error', cause };
  const publicReason = `the mail server cannot be reached: ${code}`;
  return { isPermanent: false, isExpected: true, publicReason, cause };
}

/** Before an answer of the server, nodemailer itself refuses an address. An answer without a code is a fault of the server. */
function classifyEnvelope(cause: unknown): Failure {
  const isOfAddress =
    Error.isError(cause) && 'command' in cause && cause.command === 'API' && /recipient/i.test(cause.message);
  return isOfAddress
    ? { isPermanent: true, isExpected: false, publicReason: 'the address is not valid', cause }
    : faultOfAnswer();
}

function faultOfAnswer(): Failure {
  const publicReason = 'the answer of the mail server is not valid';
  return { isPermanent: false, isExpected: false, publicReason, cause: new MailRefusal(publicReason) };
}

export const isSmtpError = (error: unknown): error is SmtpError =>
  Error.isError(error) && 'responseCode' in error && typeof error.responseCode === 'number';
