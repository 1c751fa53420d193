import { readFile } from 'node:fs/promises';
import type { TriggerCertificates } from '../../keda-sim/index.ts';
import type { SettingValues } from '../../platform/settings.ts';
import type { certificateFlags } from '../certificate-flags.ts';
import type { FlagReading } from '../flags.ts';

interface CertificateReading extends Pick<FlagReading<typeof certificateFlags>, 'add'> {
  readonly values: SettingValues<typeof certificateFlags>;
}

/**
 * Reads the certificates a TriggerAuthentication would give, from the files that the flags name. What is wrong is collected
 * in `flags`.
 */
export async function readTriggerCertificates(flags: CertificateReading): Promise<TriggerCertificates> {
  const { caCert, tlsClientCert, tlsClientKey } = flags.values;
  const read = (field: string, path: string | undefined): Promise<Buffer | undefined> => {
    if (path === undefined) return Promise.resolve(undefined);
    return readFile(path).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      flags.add(field, `${field} ${path} cannot be read: ${reason}`);
      return undefined;
    });
  };
  if ((tlsClientCert === undefined) !== (tlsClientKey === undefined)) {
    const field = tlsClientCert === undefined ? '--tls-client-cert' : '--tls-client-key';
    flags.add(field, `${field} is missing: --tls-client-cert and --tls-client-key go together`);
  }
  const ca = await read('--ca-cert', caCert);
  const certificate = await read('--tls-client-cert', tlsClientCert);
  const key = await read('--tls-client-key', tlsClientKey);
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && key !== undefined && { client: { certificate, key } }),
  };
}
