import { errorCode, type Failure } from '@polyglot-notes/service-kit';

/** What the mail server has answered, without its text: that may quote the mail, which contains a token. */
class MailRefusal extends Error {
  override readonly name = 'MailRefusal';
}

// The parts of SMTP that are about one mail. A refusal before them is about the server, or the login to it.
const commandsOfMail = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
const authenticationRequired = 530;

interface SmtpError extends Error {
  responseCode: number;
  response?: unknown;
  command?: unknown;
}

/** Classifies the failure to send a mail: a refusal of the mail itself (5yz, RFC 5321) is permanent. */
export function classifyMailFailure(error: unknown): Failure {
  if (isSmtpError(error)) return classifyAnswer(error);
  const code = errorCode(error);
  if (typeof code !== 'string')
    return { isPermanent: false, isExpected: false, publicReason: 'internal error', cause: error };
  const publicReason = `the mail server cannot be reached: ${code}`;
  return { isPermanent: false, isExpected: true, publicReason, cause: error };
}

function classifyAnswer({ responseCode, response, command }: SmtpError): Failure {
  const [enhanced] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(String(response)) ?? [];
  const status = [responseCode, enhanced].filter(Boolean).join(' ');
  const publicReason = `the mail server answered ${status} to ${String(command)}`;
  const isAboutMail = commandsOfMail.has(String(command)) && responseCode !== authenticationRequired;
  const isPermanent = isAboutMail && responseCode >= 500;
  return {
    isPermanent,
    isExpected: responseCode < 500,
    publicReason,
    cause: new MailRefusal(publicReason),
  };
}

const isSmtpError = (error: unknown): error is SmtpError =>
  Error.isError(error) && 'responseCode' in error && typeof error.responseCode === 'number';
