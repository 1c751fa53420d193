import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { type FieldError, invalidFields } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type CertificateFileSet, type NamedFile, parseCertificate } from './parse-certificate.ts';
import type { CertificateSource, ServingCertificate } from './serving-certificate.ts';

/** Paths as the user gave them. Each may be missing, because half a pair is reported as an error later. */
export interface CertificatePaths {
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly clientCaFile: string | undefined;
}

/** Outcome of a change of the files: used from now on, or refused because something is wrong with them. */
export const renewalOutcomes = ['renewed', 'refused'] as const;
export type RenewalOutcome = (typeof renewalOutcomes)[number];

export interface CertificateFiles extends CertificateSource {
  /** Reads the files once; calls must not overlap. A change is checked at the second call that finds the same content. */
  look(): Promise<RenewalOutcome | undefined>;
}

const flags = {
  certFile: '--tls-cert-file',
  keyFile: '--tls-key-file',
  clientCaFile: '--tls-client-ca-file',
} as const;

/**
 * Opens the serving certificate from files that may be renewed while the server runs; undefined when no file is given. Rejects
 * with all errors at once when the files cannot be used. When changed files cannot be used, the previous certificate stays.
 *
 * The files are read regularly, not watched: a Secret volume swaps a symlinked directory, which a watch on the file does not
 * see. A change is recognised by the content, not by file times.
 */
export async function openCertificateFiles(
  paths: CertificatePaths,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<CertificateFiles | undefined> {
  const { certFile, keyFile, clientCaFile } = paths;
  if (certFile === undefined && keyFile === undefined && clientCaFile === undefined) return undefined;

  const first = await read(paths);
  const opened = judge(first, clock());
  if (!('key' in opened)) throw invalidFields('TLS', opened);
  let served = { certificate: opened, version: first.version };
  // Each content is checked once, whatever the result.
  let judged = first.version;
  let seen = first.version;
  const listeners: ((renewed: ServingCertificate) => void)[] = [];

  async function look(): Promise<RenewalOutcome | undefined> {
    const reading = await read(paths);
    const { version } = reading;
    // A change must be the same at two looks: files that are being replaced one by one may be half a pair.
    const stands = version === seen;
    seen = version;
    if (!stands || version === judged) return undefined;
    judged = version;
    if (version === served.version) return undefined;
    const certificate = judge(reading, clock());
    if (!('key' in certificate)) {
      const expires = isoTime(served.certificate.expirySeconds.server);
      log.warn({ faults: certificate.map(({ message }) => message), expires }, 'tls-certificate-refused');
      return 'refused';
    }
    served = { certificate, version };
    for (const listener of listeners) listener(certificate);
    log.info({ expires: isoTime(certificate.expirySeconds.server) }, 'tls-certificate-renewed');
    return 'renewed';
  }

  return {
    current: () => served.certificate,
    onRenewal: (listener) => void listeners.push(listener),
    look,
  };
}

interface Reading {
  readonly files: CertificateFileSet;
  /** Files that are not named or cannot be read. */
  readonly fieldErrors: readonly FieldError[];
  /** Hash of the content of the files. */
  readonly version: string;
}

async function read(paths: CertificatePaths): Promise<Reading> {
  const fieldErrors: FieldError[] = [];
  const hash = createHash('sha256');
  const readOne = async (name: keyof CertificatePaths): Promise<NamedFile> => {
    const [field, path] = [flags[name], paths[name]];
    const content = path === undefined ? missing(field) : await contentOf(field, path);
    if (Buffer.isBuffer(content)) {
      hash.update(`${content.length}:`).update(content);
      return { field, path: path ?? '', content };
    }
    hash.update(`${content.message}:`);
    fieldErrors.push(content);
    return { field, path: path ?? '', content: Buffer.alloc(0) };
  };
  const files = {
    certificate: await readOne('certFile'),
    key: await readOne('keyFile'),
    clientCa: paths.clientCaFile === undefined ? undefined : await readOne('clientCaFile'),
  };
  return { files, fieldErrors, version: hash.digest('base64') };
}

function judge(
  { files, fieldErrors }: Reading,
  nowSeconds: number,
): ServingCertificate | readonly FieldError[] {
  return fieldErrors.length > 0 ? fieldErrors : parseCertificate(files, nowSeconds);
}

function missing(field: string): FieldError {
  return { field, message: `${field} is missing: TLS needs ${flags.certFile} and ${flags.keyFile}` };
}

function contentOf(field: string, path: string): Promise<Buffer | FieldError> {
  return readFile(path).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { field, value: path, message: `${field}: cannot read ${path}: ${why}` };
  });
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
