import { readFile } from 'node:fs/promises';
import type { TriggerCertificates } from '../keda-sim/index.ts';
import type { FieldError } from '../platform/errors.ts';

/** Flags named after the parameters KEDA takes from a TriggerAuthentication. */
interface CertificateFlags {
  readonly caCert?: string;
  readonly tlsClientCert?: string;
  readonly tlsClientKey?: string;
}

/** Reads the files the flags name; what is wrong is added to `faults`. */
export async function readTriggerCertificates(
  { caCert, tlsClientCert, tlsClientKey }: CertificateFlags,
  fieldErrors: FieldError[],
): Promise<TriggerCertificates> {
  const read = (field: string, path: string | undefined): Promise<Buffer | undefined> => {
    if (path === undefined) return Promise.resolve(undefined);
    return readFile(path).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      fieldErrors.push({ field, value: path, message: `${field} ${path} cannot be read: ${reason}` });
      return undefined;
    });
  };
  if ((tlsClientCert === undefined) !== (tlsClientKey === undefined)) {
    const field = tlsClientCert === undefined ? '--tls-client-cert' : '--tls-client-key';
    fieldErrors.push({
      field,
      message: `${field} is missing: --tls-client-cert and --tls-client-key go together`,
    });
  }
  const ca = await read('--ca-cert', caCert);
  const certificate = await read('--tls-client-cert', tlsClientCert);
  const key = await read('--tls-client-key', tlsClientKey);
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && key !== undefined && { client: { certificate, key } }),
  };
}
