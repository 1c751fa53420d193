import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A port of 127.0.0.1 that leads to an address behind a door. */
export interface ForwardedPort {
  readonly port: number;
  /** Ends its connections too; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Listens on a port of 127.0.0.1, a free one where none is given, and leads each connection through the door to `target`, an
 * address with a port. Rejects where the port is taken.
 */
export async function forwardPort(socketPath: string, target: string, port = 0): Promise<ForwardedPort> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined).once('close', () => clients.delete(client));
    const asking = request({ socketPath, method: 'CONNECT', path: target });
    asking.once('error', () => client.destroy());
    asking.once('connect', ({ statusCode }, through, head) => {
      through.on('error', () => client.destroy());
      client.once('close', () => through.destroy());
      if (statusCode === 200) {
        client.write(head);
        through.pipe(client).pipe(through);
      } else client.destroy();
    });
    asking.end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      if (!server.listening) return;
      server.close();
      for (const client of clients) client.destroy();
      await once(server, 'close');
    },
  };
}
