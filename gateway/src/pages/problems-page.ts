import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import { staticRoutes } from '../static-files.ts';

const policy =
  "default-src 'none';style-src 'self';img-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** Serves the page that the `type` of a problem links to. `npm run generate` writes it. */
export const problemsPage = (): Router =>
  staticRoutes({
    files: { '/problems': fileURLToPath(new URL('./files/problems.html', import.meta.url)) },
    redirects: { '/problems/': '../problems' },
    headers: { 'Content-Security-Policy': policy },
  });
