import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { CertificateSource } from '../../platform/tls/serving-certificate.ts';
import type { PeerAddress } from './peer-addresses.ts';

/**
 * Connects to one address, whatever the name of the URL resolves to. Over TLS a replica is one that serves the certificate that this
 * one serves, because both have the same Secret: the certificate is for the Service that KEDA calls, and no authority need be known. While
 * it is renewed, and one of them is some seconds ahead, they do not know one another.
 */
export function connectorTo(
  { address, family }: Pick<PeerAddress, 'address' | 'family'>,
  certificates: Pick<CertificateSource, 'current'> | undefined,
): ReturnType<typeof buildConnector> {
  const connect = buildConnector({
    lookup: (_name, _options, done) => done(null, [{ address, family }]),
    rejectUnauthorized: false,
    // Otherwise a session is resumed for which no certificate is shown.
    maxCachedSessions: 0,
  });
  return (options, done) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null);
      if (!(socket instanceof TLSSocket) || isOwn(socket, certificates)) return done(null, socket);
      socket.destroy();
      done(new Error('it serves another certificate than this replica'), null);
    });
}

function isOwn(socket: TLSSocket, certificates: Pick<CertificateSource, 'current'> | undefined): boolean {
  if (certificates === undefined) return false;
  const own = new X509Certificate(certificates.current().certificate);
  return socket.getPeerX509Certificate()?.fingerprint256 === own.fingerprint256;
}
