// A proxy of node:http and its Agent alone.
import { Agent, createServer, request } from 'node:http';

const { hostname, port } = new URL(process.env['UPSTREAM']!);
const agent = new Agent({ keepAlive: true });

const server = createServer((req, res) => {
  const sent = request(
    { agent, hostname, port, path: req.url, method: req.method, headers: req.headers },
    (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    },
  );
  sent.on('error', (error) => res.destroy(error));
  req.pipe(sent);
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
