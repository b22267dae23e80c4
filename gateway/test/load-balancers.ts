import { existsSync, readFileSync } from 'node:fs';

export interface Balancer {
  command: string;
  arguments: (file: string) => string[];
  /** The configuration of docs/operations/load-balancers.md, for gateways on this machine. */
  configuration: (folder: string, port: number, gateways: readonly number[]) => string;
  isInstalled: boolean;
  /** The methods of which no request may fail. */
  methods: readonly string[];
}

export const nginx: Balancer = {
  command: '/usr/sbin/nginx',
  arguments: (file) => ['-c', file],
  configuration: (folder, port, gateways) => `
      daemon off;
      pid ${folder}/pid;
      error_log ${folder}/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        upstream gateways {
          ${gateways.map((gateway) => `server 127.0.0.1:${gateway} max_fails=0;`).join('\n')}
          keepalive 32;
        }
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://gateways;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_connect_timeout 2s;
            proxy_next_upstream error;
          }
        }
      }`,
  isInstalled: existsSync('/usr/sbin/nginx'),
  // Without health checks, it may use a connection that a gateway closes at the same moment, and then repeats reads only.
  methods: ['GET'],
};

export const haproxy: Balancer = {
  command: '/usr/sbin/haproxy',
  arguments: (file) => ['-db', '-f', file],
  configuration: (_folder, port, gateways) => `
      defaults
        mode http
        timeout connect 5s
        timeout client 60s
        timeout server 60s
        timeout check 10s
        option forwardfor
        option redispatch
        retries 3
      frontend clients
        bind 127.0.0.1:${port}
        default_backend gateways
      backend gateways
        option httpchk GET /health/ready
        ${gateways.map((gateway, index) => `server gateway${index} 127.0.0.1:${gateway} check inter 200ms fall 1 rise 1`).join('\n')}
`,
  isInstalled: existsSync('/usr/sbin/haproxy'),
  methods: ['GET', 'POST'],
};

/** With the file that docker-compose.public.yml uses, but without TLS. */
export const caddy: Balancer = {
  command: '/usr/bin/caddy',
  arguments: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  configuration: (_folder, port, gateways) =>
    readFileSync(new URL('../../deploy/Caddyfile', import.meta.url), 'utf8')
      .replace('{$PUBLIC_URL}', `http://127.0.0.1:${port}`)
      .replace('health_interval 1s', 'health_interval 200ms')
      .replace('{$GATEWAYS}', gateways.map((gateway) => `127.0.0.1:${gateway}`).join(' ')),
  isInstalled: existsSync('/usr/bin/caddy'),
  methods: ['GET', 'POST'],
};

for (const { isInstalled, command } of [nginx, haproxy, caddy])
  if (!isInstalled) console.log(`There is no ${command}: the tests behind it are skipped.`);
