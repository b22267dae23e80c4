import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import { pagePolicy, staticRoutes } from '../static-files.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`./files/${name}`, import.meta.url));

const names = ['reset-password', 'verify-email', 'change-email'];
const parts = ['api.js', 'icon.svg', 'link.js', 'page.css', 'page.js', 'problems.css', 'words.js'];

/**
 * Serves the pages behind the links in mails. A GET changes nothing: the token is in the fragment of the URL, which a
 * browser does not send, and a page uses it when its button is pressed.
 */
export const pages = (): Router =>
  staticRoutes({
    files: {
      ...Object.fromEntries(names.map((name) => [`/${name}`, fileOf(`${name}.html`)])),
      ...Object.fromEntries(parts.map((name) => [`/pages/${name}`, fileOf(name)])),
    },
    redirects: {
      ...Object.fromEntries(names.map((name) => [`/${name}/`, `../${name}`])),
      // Where password managers look for a page that changes the password (w3c.github.io/webappsec-change-password-url).
      '/.well-known/change-password': '../reset-password',
    },
    headers: {
      'Content-Security-Policy': `${pagePolicy};require-trusted-types-for 'script'`,
      'X-Robots-Tag': 'noindex',
    },
  });
