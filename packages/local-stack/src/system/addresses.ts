import type { Settings } from './settings.ts';

/** Where the gateway can be reached from this machine. */
export const gatewayUrl = ({ HOST, GATEWAY_PORT }: Pick<Settings, 'HOST' | 'GATEWAY_PORT'>): string =>
  `http://${shownHost(HOST)}:${GATEWAY_PORT}`;

/** Where the page with the mails can be reached from this machine. */
export const mailPageUrl = ({ HOST, MAIL_PORT }: Pick<Settings, 'HOST' | 'MAIL_PORT'>): string =>
  `http://${shownHost(HOST)}:${MAIL_PORT}`;

/** How this machine calls an address that it listens on. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
