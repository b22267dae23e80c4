import type { Folder } from '../collection/story.ts';

export const system: Folder = {
  name: '1 System',
  description: 'Whether all services run, and how the API describes itself. These requests need no login.',
  tags: ['Gateway', 'Health'],
  steps: [
    {
      name: 'All services are ready',
      call: 'GET /health',
      description: 'The gateway asks every service. `degraded` means that some of them are not ready.',
      has: { status: 'ok' },
      check: `
        for (const name of ['auth', 'user', 'notes']) {
          pm.test(\`\${name} is ready, with the time that its answer took\`, () => {
            pm.expect(body.services[name].status).to.eql('ok');
            pm.expect(body.services[name].latencyMs).to.be.a('number');
          });
        }
      `,
    },
    { name: 'The gateway is alive', call: 'GET /health/live', has: { status: 'ok' } },
    { name: 'The gateway is ready', call: 'GET /health/ready', has: { status: 'ok' } },
    {
      name: 'The OpenAPI document lists the public API only',
      call: 'GET /openapi.json',
      description: 'This collection is generated from this document.',
      has: { 'info.title': 'polyglot-notes' },
      check: `
        pm.test('it is OpenAPI 3.1', () => pm.expect(body.openapi).to.be.a('string').that.matches(/^3\\.1\\./));
        pm.test('it contains the API and no internal path', () => {
          pm.expect(body.paths).to.include.keys('/api/auth/login', '/api/users/me', '/api/notes');
          pm.expect(Object.keys(body.paths).filter((path) => path.startsWith('/internal'))).to.eql([]);
        });
      `,
    },
    {
      name: 'The public signing keys contain no private part',
      call: 'GET /.well-known/jwks.json',
      check: `
        pm.test('there is at least one key, for RS256', () => {
          pm.expect(body.keys).to.be.an('array').that.is.not.empty;
          for (const key of body.keys) pm.expect(key).to.include({ kty: 'RSA', alg: 'RS256', use: 'sig' });
        });
        pm.test('no key has a private part', () => {
          for (const key of body.keys) pm.expect(key).to.have.all.keys('kty', 'n', 'e', 'kid', 'alg', 'use');
        });
      `,
    },
    {
      name: 'The API reference is a page',
      call: 'GET /docs',
      expect: '200',
      description: 'Redirects to `/docs/`. Open it in a browser to read about every operation and to try it.',
      check: `
        pm.test('it is HTML', () => {
          pm.expect(pm.response.headers.get('Content-Type')).to.eql('text/html; charset=utf-8');
        });
        pm.test('it shows Swagger UI', () => pm.expect(pm.response.text()).to.include('swagger-ui-bundle.js'));
      `,
    },
  ],
};
