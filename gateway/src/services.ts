/**
 * The services behind the gateway: a new service is a new row. `urlVariable` is the setting with its URL, and the one
 * segment after `textPrefix` may be any percent-encoded text.
 */
export const services = [
  {
    name: 'auth',
    urlVariable: 'AUTH_SERVICE_URL',
    prefixes: ['/api/auth'],
    paths: ['/.well-known/jwks.json'],
  },
  { name: 'user', urlVariable: 'USER_SERVICE_URL', prefixes: ['/api/users'], paths: [] },
  {
    name: 'notes',
    urlVariable: 'NOTES_SERVICE_URL',
    prefixes: ['/api/notes'],
    paths: [],
    textPrefix: '/api/notes/tags/',
  },
] as const;

type Service = (typeof services)[number];
export type ServiceName = Service['name'];
export type UrlVariable = Service['urlVariable'];

/** The service that publishes the keys which verify access tokens. */
export const tokenIssuer: ServiceName = 'auth';

export type ServiceUrls = Record<ServiceName, string>;

/** One value for each service, by name. */
export const byService = <Value>(valueOf: (service: Service, index: number) => Value) =>
  Object.fromEntries(services.map((service, index) => [service.name, valueOf(service, index)])) as Record<
    ServiceName,
    Value
  >;
