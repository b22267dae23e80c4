// The service behind the proxies: MODE=express, or MODE=fast for node:http alone. It answers each request with 2 KiB of JSON.
import { createServer } from 'node:http';
import express from 'express';

const items = Array.from({ length: 10 }, (_, index) => ({
  id: index,
  text: 'Lorem ipsum dolor sit amet. '.repeat(6),
}));
const body = Buffer.from(JSON.stringify({ items }));
const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length };

const app = express().use((_req, res) => {
  res.json({ items });
});
const fast = createServer((_req, res) => res.writeHead(200, headers).end(body));
const server = process.env['MODE'] === 'express' ? createServer(app) : fast;
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
