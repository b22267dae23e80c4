/** The local part of an email with the characters that a username may have. */
export const usernameFrom = (email: string): string =>
  email.slice(0, email.indexOf('@')).replaceAll(/[^A-Za-z0-9_.-]/g, '');
