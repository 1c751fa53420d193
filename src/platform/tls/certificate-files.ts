import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { type FieldError, invalidFields } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type CertificateFileSet, type NamedFile, parseCertificate } from './parse-certificate.ts';
import type { CertificateSource, ServingCertificate } from './serving-certificate.ts';

/** Paths as given; half a pair is a fault, so each may be missing. */
export interface CertificatePaths {
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly clientCaFile: string | undefined;
}

/** What came of files that changed: taken over, or left because something is wrong with them. */
export const renewalOutcomes = ['renewed', 'refused'] as const;
export type RenewalOutcome = (typeof renewalOutcomes)[number];

export interface CertificateFiles extends CertificateSource {
  /** Looks at the files once, one look at a time. What changed is judged at the second look that finds it the same. */
  look(): Promise<RenewalOutcome | undefined>;
}

const flags = {
  certFile: '--tls-cert-file',
  keyFile: '--tls-key-file',
  clientCaFile: '--tls-client-ca-file',
} as const;

/**
 * The serving certificate, from files that are renewed while we run; undefined where no file is given. Rejects with every
 * fault at once when the files cannot be served. A changed set that cannot is left alone: the certificate before it stays.
 *
 * Files are looked at, not watched: a Secret volume swaps a symlinked directory, which a watch on the file does not see. What
 * counts is what they hold, whatever their times say.
 */
export async function openCertificateFiles(
  paths: CertificatePaths,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<CertificateFiles | undefined> {
  const { certFile, keyFile, clientCaFile } = paths;
  if (certFile === undefined && keyFile === undefined && clientCaFile === undefined) return undefined;
  const given = {
    certificate: named('certFile', certFile),
    key: named('keyFile', keyFile),
    clientCa: clientCaFile === undefined ? undefined : named('clientCaFile', clientCaFile),
  };

  const first = await read(given);
  const opened = judge(first, clock());
  if (!('key' in opened)) throw invalidFields('TLS', opened);
  let served = { certificate: opened, version: first.version };
  // Whatever was last judged, good or bad, is judged once.
  let judged = first.version;
  let seen = first.version;
  const listeners: ((renewed: ServingCertificate) => void)[] = [];

  async function look(): Promise<RenewalOutcome | undefined> {
    const reading = await read(given);
    const { version } = reading;
    // A change must stand for a look: what was read in the middle of a swap, or is written file by file, may be half a pair.
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

interface NamedPath {
  readonly field: string;
  readonly path: string | undefined;
}

interface NamedPaths {
  readonly certificate: NamedPath;
  readonly key: NamedPath;
  readonly clientCa: NamedPath | undefined;
}

interface Reading {
  readonly files: CertificateFileSet;
  /** Files that are not named or cannot be read. */
  readonly fieldErrors: readonly FieldError[];
  /** Changes when what the files hold does. */
  readonly version: string;
}

function named(flag: keyof typeof flags, path: string | undefined): NamedPath {
  return { field: flags[flag], path };
}

async function read(paths: NamedPaths): Promise<Reading> {
  const fieldErrors: FieldError[] = [];
  const hash = createHash('sha256');
  const readOne = async ({ field, path }: NamedPath): Promise<NamedFile> => {
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
    certificate: await readOne(paths.certificate),
    key: await readOne(paths.key),
    clientCa: paths.clientCa === undefined ? undefined : await readOne(paths.clientCa),
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
