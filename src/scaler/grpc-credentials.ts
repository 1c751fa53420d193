import { experimental, ServerCredentials } from '@grpc/grpc-js';
import type { CertificateSource, ServingCertificate } from '../platform/tls/serving-certificate.ts';

type IdentityListener = Parameters<experimental.CertificateProvider['addIdentityCertificateListener']>[0];
type CaListener = Parameters<experimental.CertificateProvider['addCaCertificateListener']>[0];

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
  const identityListeners = new Set<IdentityListener>();
  const caListeners = new Set<CaListener>();
  const tellIdentity = (listener: IdentityListener, { certificate, key }: ServingCertificate) =>
    listener({ certificate, privateKey: key });
  const tellCa = (listener: CaListener, { clientCa }: ServingCertificate) =>
    listener(clientCa === undefined ? null : { caCertificate: clientCa });
  certificates.onRenewal((renewed) => {
    for (const listener of identityListeners) tellIdentity(listener, renewed);
    for (const listener of caListeners) tellCa(listener, renewed);
  });
  return {
    // Told in the next turn: grpc-js registers its own listener only after this call returns.
    addIdentityCertificateListener(listener) {
      identityListeners.add(listener);
      process.nextTick(() => tellIdentity(listener, certificates.current()));
    },
    removeIdentityCertificateListener: (listener) => void identityListeners.delete(listener),
    addCaCertificateListener(listener) {
      caListeners.add(listener);
      process.nextTick(() => tellCa(listener, certificates.current()));
    },
    removeCaCertificateListener: (listener) => void caListeners.delete(listener),
  };
}
