export { gatewayUrl, mailPageUrl } from './system/addresses.ts';
export { readEnvFile, settingNames } from './system/env-file.ts';
export { recordedAdmin } from './system/local-users.ts';
export { readSettings } from './system/settings.ts';
