export { gatewayUrl, mailPageUrl } from './addresses.ts';
export { readEnvFile } from './env-file.ts';
export { readSettings, type Settings } from './settings.ts';
