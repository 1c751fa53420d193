import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { FieldError } from '../errors.ts';
import type { ServingCertificate } from './serving-certificate.ts';

/** The content of a file, and its name for error messages. */
export interface NamedFile {
  /** The flag that names the file. */
  readonly field: string;
  readonly path: string;
  readonly content: Buffer;
}

export interface CertificateFileSet {
  readonly certificate: NamedFile;
  readonly key: NamedFile;
  readonly clientCa: NamedFile | undefined;
}

/** Checks the files and returns the certificate they hold, or everything that is wrong with them. */
export function parseCertificate(
  files: CertificateFileSet,
  nowSeconds: number,
): ServingCertificate | readonly FieldError[] {
  const fieldErrors: FieldError[] = [];
  const fault = ({ field, path }: NamedFile, message: string) => {
    fieldErrors.push({ field, value: path, message: `${field}: ${path} ${message}` });
  };
  const chainOf = (file: NamedFile): readonly X509Certificate[] => {
    const blocks = file.content
      .toString('latin1')
      .match(/-----BEGIN CERTIFICATE-----[^-]*-----END[^-]*-----/g);
    if (blocks === null) {
      fault(file, 'holds no certificate in PEM ("-----BEGIN CERTIFICATE-----")');
      return [];
    }
    try {
      return blocks.map((block) => new X509Certificate(block));
    } catch (error) {
      fault(file, `holds a certificate that cannot be read: ${reasonOf(error)}`);
      return [];
    }
  };
  /** Unix seconds at which the first of the certificates expires; undefined, with an error, if one has expired. */
  const endOf = (file: NamedFile, certificates: readonly X509Certificate[]): number | undefined => {
    if (certificates.length === 0) return undefined;
    const first = Math.min(...certificates.map(endSeconds));
    if (first > nowSeconds) return first;
    fault(file, `expired at ${new Date(first * 1000).toISOString()}; renew it`);
    return undefined;
  };

  const chain = chainOf(files.certificate);
  const server = endOf(files.certificate, chain.filter(isLookedAt));
  const clientCa =
    files.clientCa === undefined
      ? undefined
      : endOf(files.clientCa, inForce(chainOf(files.clientCa), nowSeconds));
  const key = privateKey(files.key.content);
  if (typeof key === 'string') fault(files.key, key);
  else if (chain[0] !== undefined && !chain[0].checkPrivateKey(key)) {
    fault(
      files.key,
      `is not the key of the certificate in ${files.certificate.path}; give the two that were made together`,
    );
  }
  if (fieldErrors.length > 0 || server === undefined) return fieldErrors;

  const pem = {
    certificate: files.certificate.content,
    key: files.key.content,
    clientCa: files.clientCa?.content,
  };
  try {
    // OpenSSL may refuse a pair, for example because its key is too short. Find out here, not at the first handshake.
    createSecureContext({ cert: pem.certificate, key: pem.key, ca: pem.clientCa });
  } catch (error) {
    fault(files.certificate, `cannot be served: ${reasonOf(error)}`);
    return fieldErrors;
  }
  return { ...pem, expirySeconds: { server, clientCa } };
}

/** True for the server's certificate and its intermediates. Clients use their own roots and ignore one that is sent along. */
function isLookedAt({ subject, issuer }: X509Certificate, index: number): boolean {
  return index === 0 || subject !== issuer;
}

/** Authorities that have not expired. If all have expired it returns them all, so that the error can name the date. */
function inForce(authorities: readonly X509Certificate[], nowSeconds: number): readonly X509Certificate[] {
  const left = authorities.filter((authority) => endSeconds(authority) > nowSeconds);
  return left.length > 0 ? left : authorities;
}

function endSeconds({ validToDate }: X509Certificate): number {
  return validToDate.getTime() / 1000;
}

/** The private key, or a text that says what is wrong with it. */
function privateKey(pem: Buffer) {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    return `holds no private key that can be read (PEM, without a passphrase): ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
