// http-proxy-middleware without any feature: in Express, or MODE=floor for its least cost: without Express and plugins.
import { Agent, createServer } from 'node:http';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const isFloor = process.env['MODE'] === 'floor';
const proxy = createProxyMiddleware({
  target: process.env['UPSTREAM']!,
  agent: new Agent({ keepAlive: true }),
  ...(isFloor && { ejectPlugins: true }),
});
const server = isFloor
  ? createServer((req, res) => void proxy(req, res, () => res.end()))
  : createServer(express().use(proxy));
server.listen(Number(process.env['PORT']), '127.0.0.1');
