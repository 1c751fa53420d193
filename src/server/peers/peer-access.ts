import type { CertificateSource } from '../../platform/tls/serving-certificate.ts';
import { openToken } from '../http.ts';
import type { PeerAccess } from './ask-peer.ts';

/** How this replica makes itself known to the others, and knows them: by the token and the certificate that all of them have. */
export async function peerAccess(
  apiTokenFile: string | undefined,
  certificates: CertificateSource | undefined,
): Promise<PeerAccess> {
  const token = apiTokenFile === undefined ? undefined : await openToken(apiTokenFile);
  return { token, certificates };
}
