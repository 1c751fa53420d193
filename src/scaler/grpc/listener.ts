import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { CertificateSource, ServingCertificate } from '../../platform/tls/serving-certificate.ts';
import type { Connections } from './connections.ts';

/** Longest time of a TLS handshake. */
const handshakeMs = 10_000;

export interface Listener {
  readonly port: number;
  /** Accepts no more connections. */
  close(): void;
}

/**
 * Listens on an address and begins each connection: in the clear without `certificates`, else by TLS, and with a client CA by mutual
 * TLS. A renewed certificate is used from the next handshake on. Rejects with the system's error where it cannot listen.
 */
export async function listen(
  address: { readonly host: string; readonly port: number },
  certificates: CertificateSource | undefined,
  connections: Connections,
): Promise<Listener> {
  const begin =
    certificates === undefined
      ? (socket: Socket) => void connections.begin(socket, socket)
      : beginTls(certificates, connections);
  // KEDA asks and waits for the answer: a packet that waits for a fuller one makes it late.
  const server = createServer({ noDelay: true }, (socket) => {
    connections.accept(socket);
    begin(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      connections.close();
    },
  };
}

function beginTls(certificates: CertificateSource, connections: Connections): (socket: Socket) => void {
  const isMutual = certificates.current().clientCa !== undefined;
  const server = createTlsServer({
    ...contextOf(certificates.current()),
    requestCert: isMutual,
    rejectUnauthorized: isMutual,
    ALPNProtocols: ['h2'],
    handshakeTimeout: handshakeMs,
  });
  certificates.onRenewal((renewed) => server.setSecureContext(contextOf(renewed)));
  const handshakes = new Map<string, Socket>();
  server.on('secureConnection', (spokenOver: TLSSocket) => {
    const socket = handshakes.get(peerOf(spokenOver));
    if (socket === undefined || spokenOver.alpnProtocol !== 'h2') spokenOver.destroy();
    else void connections.begin(socket, spokenOver);
  });
  return (socket) => {
    const peer = peerOf(socket);
    handshakes.set(peer, socket);
    socket.once('close', () => handshakes.delete(peer));
    server.emit('connection', socket);
  };
}

function contextOf({ certificate, key, clientCa }: ServingCertificate) {
  return { cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
