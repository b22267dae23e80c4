export { gatewayUrl, mailPageUrl } from './addresses.ts';
export { readEnvFile, settingNames } from './env-file.ts';
export { recordedAdmin } from './local-users.ts';
export { readSettings } from './settings.ts';
