import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import { pagePolicy, staticRoutes } from '../static-files.ts';

const ours = fileURLToPath(new URL('./page', import.meta.url));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Serves the API reference at `/docs/`, without files from other hosts. */
export const docs = (): Router =>
  staticRoutes({
    files: {
      '/docs/': join(ours, 'index.html'),
      '/docs/initializer.js': join(ours, 'initializer.js'),
      '/docs/page.css': join(ours, 'page.css'),
      '/docs/swagger-ui.css': join(swaggerUi, 'swagger-ui.css'),
      '/docs/swagger-ui-bundle.js': join(swaggerUi, 'swagger-ui-bundle.js'),
      '/docs/favicon-32x32.png': join(swaggerUi, 'favicon-32x32.png'),
    },
    redirects: { '/docs': '/docs/' },
    headers: { 'Content-Security-Policy': pagePolicy },
  });
