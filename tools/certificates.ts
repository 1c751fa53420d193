import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** The program that makes the certificates, which the machine must have. */
const openssl = 'openssl';
export const hasOpenssl = (() => {
  try {
    return execFileSync(openssl, ['version']).length > 0;
  } catch {
    return false;
  }
})();

export interface CertificateFilePair {
  readonly certFile: string;
  readonly keyFile: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function run(...args: readonly string[]): void {
  execFileSync(openssl, [...args], { stdio: 'ignore' });
}

/** A self-signed certificate for 127.0.0.1 that may be server, client and authority. */
export function selfSigned(folder: string, name: string, days = 2): CertificateFilePair {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  run('req', '-x509', ...newKey, '-keyout', keyFile, '-out', certFile, '-days', String(days), ...subject);
  return { certFile, keyFile };
}

/**
 * A certificate for 127.0.0.1 and `hosts`, names or addresses, that `authority` signed; each has a number of its own, so that two can
 * be told apart.
 */
export function signedBy(
  authority: CertificateFilePair,
  folder: string,
  name: string,
  days = 2,
  hosts: readonly string[] = ['localhost'],
): CertificateFilePair {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  const names = ['IP:127.0.0.1', ...hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`)];
  writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
  run('req', '-new', ...newKey, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`);
  const ca = ['-CA', authority.certFile, '-CAkey', authority.keyFile, '-CAcreateserial'];
  run('x509', '-req', '-in', request, ...ca, '-out', certFile, '-days', String(days), '-extfile', extensions);
  return { certFile, keyFile };
}
