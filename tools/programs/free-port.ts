import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 on which nobody listens at this moment. Another program may take it before the caller listens. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether nobody listens on a port of 127.0.0.1 at this moment. */
export function isFreePort(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

/** Listens on a port, 0 for any that is free, and stops again. Resolves with the port; rejects where it is taken. */
async function listenOnce(wanted: number): Promise<number> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
