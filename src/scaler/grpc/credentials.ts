import { experimental, ServerCredentials } from '@grpc/grpc-js';
import type { CertificateSource, ServingCertificate } from '../../platform/tls/serving-certificate.ts';

/**
 * How the gRPC server proves who it is: not at all without `certificates`, else by TLS, and with a client CA by mutual TLS.
 * Of grpc-js the certificate provider alone takes a renewed certificate without a restart; its own FileWatcher hands on
 * half pairs and drops every new connection until they match, so ours hands on what has been checked.
 */
export function createGrpcCredentials(certificates: CertificateSource | undefined): ServerCredentials {
  if (certificates === undefined) return ServerCredentials.createInsecure();
  const provider = providerOf(certificates);
  const isMutual = certificates.current().clientCa !== undefined;
  return experimental.createCertificateProviderServerCredentials(
    provider,
    isMutual ? provider : null,
    isMutual,
  );
}

function providerOf(certificates: CertificateSource): experimental.CertificateProvider {
  const identity = toldTo(certificates, ({ certificate, key }) => ({ certificate, privateKey: key }));
  const ca = toldTo(certificates, ({ clientCa }) =>
    clientCa === undefined ? null : { caCertificate: clientCa },
  );
  return {
    addIdentityCertificateListener: identity.add,
    removeIdentityCertificateListener: identity.remove,
    addCaCertificateListener: ca.add,
    removeCaCertificateListener: ca.remove,
  };
}

/** Tells listeners a part of the certificate: that of now when they are added, and every renewed one. */
function toldTo<T>(certificates: CertificateSource, partOf: (certificate: ServingCertificate) => T) {
  const listeners = new Set<(part: T) => void>();
  certificates.onRenewal((renewed) => {
    for (const listener of listeners) listener(partOf(renewed));
  });
  return {
    // Told in the next turn: grpc-js registers its own listener only after this call returns.
    add(listener: (part: T) => void): void {
      listeners.add(listener);
      process.nextTick(() => listener(partOf(certificates.current())));
    },
    remove: (listener: (part: T) => void) => void listeners.delete(listener),
  };
}
