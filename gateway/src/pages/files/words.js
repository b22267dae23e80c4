const passwordWords = {
  password_length:
    'Use 8 to 72 characters. Letters with accents, other scripts and emoji count as two to four of the 72.',
  password_common: 'This is one of the most common passwords. Choose another one.',
  password_personal: 'Your email or your username cannot be the password. Choose another one.',
  password_unchanged: 'This is your current password. Choose another one.',
};

const mayBeDone = 'If the link does not work then, the change was made the first time.';

const words = {
  no_answer: `There was no answer. Check your connection and try again. ${mayBeDone}`,
  email_taken: 'Another account uses this email. Log in to that account, or reset its password.',
  account_deactivated: 'This account is deactivated. Contact the operator of this service.',
};

const unusableLink = new Set(['invalid_reset_token', 'invalid_verification_token']);

/**
 * The meaning of a refused call on the page: `{ invalidLink: true }`, `{ field, text }` for an input, or `{ text }`.
 */
export function explain(problem) {
  const { code, status, errors = [] } = problem;
  const fieldError = errors.find(({ path }) => path === 'body.password' || path === 'body.email');
  if (code === 'password_unchanged') return { field: 'password', text: passwordWords[code] };
  if (fieldError?.path === 'body.email') return { field: 'email', text: 'This is not an email address.' };
  if (fieldError !== undefined)
    return {
      field: 'password',
      text: passwordWords[fieldError.code] ?? `The password ${fieldError.message}.`,
    };
  // Without an input that is wrong, the token is.
  if (unusableLink.has(code) || code === 'validation_failed' || status === 404) return { invalidLink: true };
  if (words[code] !== undefined) return { text: words[code] };
  if (status === 429)
    return { text: `There were too many attempts. Try again ${after(problem.retryAfter)}.` };
  if (status >= 500)
    return { text: `The service is unavailable. Try again ${after(problem.retryAfter)}. ${mayBeDone}` };
  return { text: `Something went wrong. Tell the operator this number: ${problem.requestId ?? status}.` };
}

function after(seconds) {
  if (!(seconds > 0)) return 'in a minute';
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `in ${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
