import type { Folder, Step } from '../collection/story.ts';

const mailsUrl = (to: string, subject: string) =>
  `{{mailUrl}}/api/email?to.address={{${to}}}&subject=${encodeURIComponent(subject)}`;

/** Waits for a mail, then reads the latest one and saves its token. */
const mail = (name: string, to: string, subject: string, variable: string): Step => ({
  name,
  call: `GET ${mailsUrl(to, subject)}`,
  expect: '200',
  description: 'Waits for the mail, then takes the token of the latest one, which is on a line of its own.',
  before: `
    // Asks for the mail every quarter of a second, for ten seconds at most.
    const url = pm.variables.replaceIn('${mailsUrl(to, subject)}');
    const ask = (times) =>
      pm.sendRequest(url, (error, response) => {
        const hasArrived = !error && response.code === 200 && response.json().length > 0;
        if (!hasArrived && times > 1) setTimeout(() => ask(times - 1), 250);
      });
    ask(40);
  `,
  check: `
    const mail = body.at(-1);
    pm.test('the subject is ${subject}', () => pm.expect(mail.subject).to.eql('${subject}'));
    const [token] = /^[A-Za-z0-9_-]{43}$/m.exec(mail.text) ?? [];
    pm.test('it has a token', () => pm.expect(token).to.be.a('string'));
    pm.collectionVariables.set('${variable}', token);
  `,
});

const password: Step[] = [
  {
    name: 'The user logs out everywhere',
    call: 'POST /api/auth/logout-all',
    description: 'Ends all sessions. `POST /api/auth/logout` ends one.',
    as: 'token',
    body: {},
  },
  {
    name: 'An access token from before the logout has been revoked',
    call: 'GET /api/users/me',
    expect: '401 token_revoked',
    description: 'Although it has not expired.',
    as: 'token',
  },
  {
    name: 'The user asks for a mail to reset the password',
    call: 'POST /api/auth/forgot-password',
    description: 'While such a mail waits to be sent, another request adds none.',
    fields: { email: '{{email}}' },
  },
  {
    name: 'An unknown email gets the same response',
    call: 'POST /api/auth/forgot-password',
    description: 'So the response does not reveal who has an account.',
    fields: { email: 'nobody-{{email}}' },
  },
  mail('The mail with the reset token arrives', 'email', 'Choose a new password', 'resetToken'),
  {
    name: 'A common password is refused',
    call: 'PATCH /api/auth/reset-password/{{resetToken}}',
    expect: '400 validation_failed',
    description: 'The token stays valid.',
    body: { password: 'password1' },
    has: { 'errors.*.path': ['body.password'], 'errors.*.code': ['password_common'] },
  },
  {
    name: 'The user chooses a new password',
    call: 'PATCH /api/auth/reset-password/{{resetToken}}',
    description: 'The token is valid for 15 minutes. All sessions of the account end.',
    fields: { password: '{{resetPassword}}' },
  },
  {
    name: 'The reset token works only once',
    call: 'PATCH /api/auth/reset-password/{{resetToken}}',
    expect: '400 invalid_reset_token',
    description: 'All earlier reset tokens of the account are no longer valid either.',
    fields: { password: '{{changedPassword}}' },
  },
  {
    name: 'The user logs in with the new password',
    call: 'POST /api/auth/login',
    description: 'The old password is refused like any wrong one.',
    fields: { email: '{{email}}', password: '{{resetPassword}}' },
    saveTokens: 'token',
  },
];

const email: Step[] = [
  {
    name: 'The user asks to change the email',
    call: 'POST /api/auth/change-email',
    description: 'The email changes when the user confirms the new one with the token in the mail.',
    before: "pm.collectionVariables.set('newEmail', `new-${pm.variables.get('email')}`);",
    fields: { currentPassword: '{{resetPassword}}', newEmail: '{{newEmail}}' },
  },
  mail('The mail arrives at the new email', 'newEmail', 'Confirm your new email', 'emailToken'),
  {
    name: 'The user confirms the new email',
    call: 'POST /api/auth/verify-email',
    description: 'From now on the user logs in with the new email.',
    fields: { token: '{{emailToken}}' },
    check: "pm.collectionVariables.set('email', pm.variables.get('newEmail'));",
  },
  {
    name: 'The confirmation token works only once',
    call: 'POST /api/auth/verify-email',
    expect: '400 invalid_verification_token',
    fields: { token: '{{emailToken}}' },
  },
  {
    name: 'A confirmed email gets no further mail',
    call: 'POST /api/auth/resend-verification',
    description: 'The response is the same as for any email, but no mail is sent.',
    fields: { email: '{{email}}' },
  },
];

export const passwordAndEmail: Folder = {
  name: '4 Password and email',
  description:
    'The user resets the password and changes the email with tokens from mails. The mails are read from the mail page, `{{mailUrl}}`, which every local system has.',
  tags: ['Auth'],
  steps: [...password, ...email],
};
