/** The update that sets a password and other fields, revokes all access tokens and raises the profile version. */
export const withNewPassword = (passwordHash: string, fields: object) => ({
  $set: { ...fields, passwordHash },
  $inc: { passwordChanges: 1, profileVersion: 1 },
  $currentDate: { revokedAt: true as const },
});
