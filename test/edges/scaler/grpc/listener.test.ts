import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServingCertificate } from '../../../../src/platform/tls/serving-certificate.ts';
import { type Connections, createConnections } from '../../../../src/scaler/grpc/connections.ts';
import { type Listener, listen } from '../../../../src/scaler/grpc/listener.ts';
import {
  type CertificateFilePair,
  hasOpenssl,
  selfSigned,
  signedBy,
} from '../../../../tools/certificates.ts';

let folder: string;
let authority: CertificateFilePair;
let own: CertificateFilePair;
let connections: Connections;
let listener: Listener;
const sockets: Socket[] = [];

beforeAll(() => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'forescale-listener-'));
  authority = selfSigned(folder, 'authority');
  own = signedBy(authority, folder, 'server');
});
afterAll(() => hasOpenssl && rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  listener.close();
});

/** Listens for at most `most` connections; what a client says is said back. */
async function start(most: number): Promise<void> {
  const certificate: ServingCertificate = {
    certificate: readFileSync(own.certFile),
    key: readFileSync(own.keyFile),
    clientCa: undefined,
    expirySeconds: { server: 0, clientCa: undefined },
  };
  const source = { current: () => certificate, onRenewal: () => undefined };
  connections = createConnections(most, (stream) => stream.pipe(stream));
  listener = await listen({ host: '127.0.0.1', port: 0 }, source, connections);
}

function open(protocols = ['h2']): TLSSocket {
  const socket = connect({
    host: '127.0.0.1',
    port: listener.port,
    ca: readFileSync(authority.certFile),
    ALPNProtocols: protocols,
  });
  sockets.push(socket);
  return socket.on('error', () => undefined);
}

async function echo(socket: TLSSocket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

describe.skipIf(!hasOpenssl)('a listener with TLS (needs openssl)', () => {
  it('gives the words in the clear, and forgets connections that were closed', async () => {
    await start(2);
    const kept = open();
    expect(await echo(kept, 'before')).toBe('before');
    for (let index = 0; index < 5; index++) {
      const other = open();
      expect(await echo(other, `other ${index}`)).toBe(`other ${index}`);
      other.destroy();
      await once(other, 'close');
      // The server learns of it a moment later.
      await expect.poll(() => [...connections.begun()].length).toBe(1);
    }
    expect(await echo(kept, 'after')).toBe('after');
  });

  it('counts connections whose handshake never comes', async () => {
    await start(1);
    const silent = connectTcp(listener.port, '127.0.0.1').resume();
    sockets.push(silent);
    await once(silent, 'connect');
    const second = open();
    await once(silent, 'close');
    expect(await echo(second, 'in its place')).toBe('in its place');
  });

  it('speaks to nobody who does not speak HTTP/2', async () => {
    await start(2);
    for (const protocols of [['http/1.1'], []]) {
      const socket = open(protocols);
      await new Promise((resolve) => socket.once('close', resolve));
      expect(socket.alpnProtocol || 'none').toBe('none');
    }
  });
});
