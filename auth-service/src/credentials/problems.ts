import { problemType } from '@polyglot-notes/service-kit';

export const emailTaken = problemType(409, 'email_taken', 'An account with this email exists');

export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

export const invalidCredentials = problemType(
  401,
  'invalid_credentials',
  'The email or the password is wrong',
);

export const accountDeactivated = problemType(403, 'account_deactivated', 'The account is deactivated');

export const emailNotVerified = problemType(403, 'email_not_verified', 'The email is not confirmed');

export const invalidRefreshToken = problemType(
  401,
  'invalid_refresh_token',
  'The refresh token is unknown or expired, or its session has ended',
);

export const refreshTokenReused = problemType(
  401,
  'refresh_token_reused',
  'The refresh token was used before: its session has ended',
);
