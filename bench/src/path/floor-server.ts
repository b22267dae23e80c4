// The bare floor of a list: node:http, a pool of pg and JSON.stringify, without tokens, validation, logs and limits.
import { createServer } from 'node:http';
import pg from 'pg';

const { DATABASE_URL, USER_ID } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const list = {
  name: 'list',
  text: `select id, title, content, tags, pinned, archived, version, created_at as "createdAt",
           updated_at as "updatedAt", null as "deletedAt"
         from notes where user_id = $1 and deleted_at is null and archived = false order by updated_at desc, id desc limit 21`,
};

/** The cursor as the service writes it, without its check of the filters. */
const cursorAfter = ({ updatedAt, id }: { updatedAt: Date; id: string }) =>
  Buffer.from(JSON.stringify(['AAAAAAAA', [updatedAt.getTime(), id]])).toString('base64url');

const server = createServer((_req, res) => {
  void pool
    .query<{ id: string; updatedAt: Date }>({ ...list, values: [USER_ID] })
    .then(({ rows }) => {
      const items = rows.slice(0, 20);
      const body = JSON.stringify({ items, page: { limit: 20, nextCursor: cursorAfter(items[19]!) } });
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      res.setHeader('Content-Length', Buffer.byteLength(body));
      res.end(body);
    })
    .catch(() => res.writeHead(500).end());
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
