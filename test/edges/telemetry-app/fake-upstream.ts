import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

export interface FakeUpstream {
  /** URL of the destination's `/process`. */
  readonly url: string;
  /** Number of connections that are open now. */
  connections(): number;
  stop(): Promise<void>;
}

/** A destination on a free loopback port that gives prepared answers. */
export function startHttp(listener: RequestListener): Promise<FakeUpstream> {
  return listen(createHttpServer(listener));
}

/** A destination that may answer without HTTP. */
export function startTcp(onConnection: (socket: Socket) => void): Promise<FakeUpstream> {
  return listen(createTcpServer(onConnection));
}

async function listen(server: Server): Promise<FakeUpstream> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/process`,
    connections: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
