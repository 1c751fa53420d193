import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ForescaleError } from '../../../platform/errors.ts';
import { createSecretFile } from '../../../platform/secrets/secret-file.ts';
import type { ConnectionSettings } from '../connection-settings.ts';

/** What the files of a connection's TLS hold. */
interface TlsContents {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Changes with any of the files. */
  readonly version: string;
}

/** The settings as a profile and the command line name them. */
const settings = {
  caFile: 'tls.caFile (--ca-file)',
  certFile: 'tls.certFile (--cert-file)',
  keyFile: 'tls.keyFile (--key-file)',
};
const certificate =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Reads the files that a connection's TLS needs, which may be renewed at any time. Rejects with `invalid-argument` for a file that
 * does not hold what it should, because TLS itself takes one without a certificate for an empty list of authorities.
 */
export function createTlsFiles({ tls }: Pick<ConnectionSettings, 'tls'>) {
  const fileOf = (name: 'caFile' | 'certFile' | 'keyFile') => {
    const path = tls?.[name];
    return path === undefined ? undefined : { path, file: createSecretFile(settings[name], path) };
  };
  const [ca, cert, key] = [fileOf('caFile'), fileOf('certFile'), fileOf('keyFile')];
  let checked: TlsContents | undefined;

  return async (): Promise<TlsContents> => {
    const [caRead, certRead, keyRead] = await Promise.all([
      ca?.file.read(),
      cert?.file.read(),
      key?.file.read(),
    ]);
    const version = [caRead, certRead, keyRead].map((read) => read?.version ?? '').join();
    if (checked?.version === version) return checked;
    if (ca !== undefined) checkCertificates(settings.caFile, ca.path, caRead?.text ?? '');
    if (cert !== undefined) checkCertificates(settings.certFile, cert.path, certRead?.text ?? '');
    if (key !== undefined) checkKey(key.path, keyRead?.text ?? '', certRead?.text);
    checked = { ca: caRead?.text, cert: certRead?.text, key: keyRead?.text, version };
    return checked;
  };
}

function checkCertificates(setting: string, path: string, text: string): void {
  const found = text.match(certificate) ?? [];
  if (found.length === 0) {
    throw unusable(
      `${setting}: ${path} has no certificate; it needs a text in PEM with a line -----BEGIN CERTIFICATE-----`,
    );
  }
  for (const [index, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (cause) {
      throw unusable(
        `${setting}: certificate ${index + 1} of ${path} cannot be read: ${sentenceOf(cause)}`,
        cause,
      );
    }
  }
}

function checkKey(path: string, text: string, certificates: string | undefined): void {
  let isOfCertificate: boolean;
  try {
    const [first = ''] = certificates?.match(certificate) ?? [];
    isOfCertificate = new X509Certificate(first).checkPrivateKey(createPrivateKey(text));
  } catch (cause) {
    throw unusable(
      `${settings.keyFile}: ${path} is no private key in PEM without a passphrase: ${sentenceOf(cause)}`,
      cause,
    );
  }
  if (!isOfCertificate)
    throw unusable(`${settings.keyFile}: ${path} is not the key of the certificate in ${settings.certFile}`);
}

function unusable(message: string, cause?: unknown): ForescaleError {
  return new ForescaleError('invalid-argument', message, { cause });
}

function sentenceOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
