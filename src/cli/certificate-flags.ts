import { anyText } from '../platform/setting-values.ts';
import type { FlagTable } from './flags.ts';

/** The certificates that a TriggerAuthentication gives KEDA, as files. */
export const certificateFlags = {
  caCert: {
    value: 'file',
    meaning: 'PEM of the authority of a scaler that speaks TLS (caCert)',
    ...anyText,
  },
  tlsClientCert: {
    value: 'file',
    meaning: 'PEM of the certificate KEDA would show (tlsClientCert)',
    ...anyText,
  },
  tlsClientKey: { value: 'file', meaning: 'PEM of its key (tlsClientKey)', ...anyText },
} as const satisfies FlagTable;
