import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';

/**
 * Opens a door to the network of this process: an HTTP proxy that only knows CONNECT, on a Unix socket, which answers to processes of
 * other network namespaces too.
 */
export function serveDoor(socketPath: string): Server {
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', ({ url = '' }, client, head: Buffer) => {
    const end = url.lastIndexOf(':');
    const target = connect({ host: url.slice(0, end), port: Number(url.slice(end + 1)) });
    target.once('connect', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.write(head);
      client.pipe(target).pipe(client);
    });
    target.once('error', ({ message }) => {
      if (target.bytesRead === 0 && target.pending) client.write(`HTTP/1.1 502 ${message}\r\n\r\n`);
      client.destroy();
    });
    client.once('error', () => target.destroy());
  });
  return server.listen(socketPath);
}
