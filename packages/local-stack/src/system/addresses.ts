import type { Settings } from './settings.ts';

/** The URL of the gateway on this machine. */
export const gatewayUrl = ({ HOST, GATEWAY_PORT }: Pick<Settings, 'HOST' | 'GATEWAY_PORT'>): string =>
  `http://${shownHost(HOST)}:${GATEWAY_PORT}`;

/** The URL of the mail page on this machine. */
export const mailPageUrl = ({ HOST, MAIL_PORT }: Pick<Settings, 'HOST' | 'MAIL_PORT'>): string =>
  `http://${shownHost(HOST)}:${MAIL_PORT}`;

/** The host of a URL for an address to listen on. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
