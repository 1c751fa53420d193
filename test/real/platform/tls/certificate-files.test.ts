import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/platform/log.ts';
import {
  type CertificatePaths,
  openCertificateFiles,
} from '../../../../src/platform/tls/certificate-files.ts';
import type { ServingCertificate } from '../../../../src/platform/tls/serving-certificate.ts';
import {
  type CertificateFilePair,
  hasOpenssl,
  selfSigned,
  signedBy,
} from '../../../../tools/certificates.ts';

const nowSeconds = Date.now() / 1000;
const day = 86_400;

describe.skipIf(!hasOpenssl)('the files of a serving certificate (needs openssl)', () => {
  let made: string;
  let authority: CertificateFilePair;
  let first: CertificateFilePair;
  let second: CertificateFilePair;
  let volume: string;

  beforeAll(() => {
    made = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    authority = selfSigned(made, 'authority');
    first = signedBy(authority, made, 'first', 2);
    second = signedBy(authority, made, 'second', 9);
  });
  afterAll(() => rmSync(made, { recursive: true }));
  beforeEach(() => {
    volume = mkdtempSync(join(made, 'volume-'));
  });

  /** As the kubelet mounts a Secret: files are links through `..data`, which is swapped in one step. */
  function mountSecret(pair: CertificateFilePair, generation: string): CertificatePaths {
    const folder = join(volume, `..${generation}`);
    mkdirSync(folder);
    copyFileSync(pair.certFile, join(folder, 'tls.crt'));
    copyFileSync(pair.keyFile, join(folder, 'tls.key'));
    copyFileSync(authority.certFile, join(folder, 'ca.crt'));
    symlinkSync(`..${generation}`, join(volume, '..data_tmp'));
    renameSync(join(volume, '..data_tmp'), join(volume, '..data'));
    const paths: Record<keyof CertificatePaths, string> = {
      certFile: 'tls.crt',
      keyFile: 'tls.key',
      clientCaFile: 'ca.crt',
    };
    for (const [flag, name] of Object.entries(paths)) {
      const link = join(volume, name);
      if (generation === 'one') symlinkSync(join('..data', name), link);
      paths[flag as keyof CertificatePaths] = link;
    }
    return paths;
  }

  async function openMounted(log = silentLogger) {
    const files = await openCertificateFiles(mountSecret(first, 'one'), { clock: () => nowSeconds, log });
    if (files === undefined) throw new Error('no files were opened');
    const renewed: ServingCertificate[] = [];
    files.onRenewal((one) => renewed.push(one));
    return { files, renewed };
  }

  it('are not needed: without any, nothing is served by TLS', async () => {
    const none = { certFile: undefined, keyFile: undefined, clientCaFile: undefined };
    expect(await openCertificateFiles(none, { clock: () => nowSeconds, log: silentLogger })).toBeUndefined();
  });

  it('are read, with the time at which each of their certificates ends', async () => {
    const { files } = await openMounted();
    const { certificate, key, clientCa, expirySeconds } = files.current();
    expect(certificate).toEqual(readFileSync(first.certFile));
    expect(key).toEqual(readFileSync(first.keyFile));
    expect(clientCa).toEqual(readFileSync(authority.certFile));
    expect(expirySeconds.server / day - nowSeconds / day).toBeCloseTo(2, 1);
    expect(Math.abs((expirySeconds.clientCa ?? 0) - expirySeconds.server)).toBeLessThan(60);
  });

  it('are taken over when a Secret volume is swapped, at the second look that finds them the same', async () => {
    const { files, renewed } = await openMounted();
    expect(await files.look()).toBeUndefined();
    mountSecret(second, 'two');
    expect(await files.look()).toBeUndefined();
    expect(renewed).toEqual([]);
    expect(await files.look()).toBe('renewed');
    expect(renewed).toEqual([files.current()]);
    expect(files.current().certificate).toEqual(readFileSync(second.certFile));
    expect(files.current().expirySeconds.server / day - nowSeconds / day).toBeCloseTo(9, 1);
    expect(await files.look()).toBeUndefined();
  });

  it('are never taken over by half: one file, then the other a look later', async () => {
    const { files, renewed } = await openMounted();
    mountSecret(first, 'two');
    writeFileSync(join(volume, 'tls.crt'), readFileSync(second.certFile));
    expect(await files.look()).toBeUndefined();
    writeFileSync(join(volume, 'tls.key'), readFileSync(second.keyFile));
    expect(await files.look()).toBeUndefined();
    expect(renewed).toEqual([]);
    expect(await files.look()).toBe('renewed');
    expect(renewed.map(({ key }) => key)).toEqual([readFileSync(second.keyFile)]);
  });

  it.each([
    ['a key that belongs to another certificate', 'tls.key', () => readFileSync(second.keyFile)],
    ['a certificate that is none', 'tls.crt', () => 'nonsense'],
    ['an empty authority', 'ca.crt', () => ''],
  ])('stay what they were beside %s, which is warned of once', async (_, name, content) => {
    const warned: object[] = [];
    const { files, renewed } = await openMounted({ ...silentLogger, warn: (fields) => warned.push(fields) });
    const before = files.current();
    writeFileSync(join(volume, name), content());
    await files.look();
    expect(await files.look()).toBe('refused');
    expect(await files.look()).toBeUndefined();
    expect(files.current()).toBe(before);
    expect(renewed).toEqual([]);
    expect(warned).toEqual([expect.objectContaining({ faults: [expect.stringContaining(name)] })]);
  });

  it('stay what they were while they are gone, and are taken over when they are back', async () => {
    const { files } = await openMounted();
    rmSync(join(volume, '..data'));
    await files.look();
    expect(await files.look()).toBe('refused');
    mountSecret(second, 'two');
    await files.look();
    expect(await files.look()).toBe('renewed');
    expect(files.current().certificate).toEqual(readFileSync(second.certFile));
  });

  /** Every fault of the start by its field. */
  async function faultsOf(paths: Partial<CertificatePaths>, atSeconds = nowSeconds): Promise<string[]> {
    const given = { certFile: undefined, keyFile: undefined, clientCaFile: undefined, ...paths };
    const error = await openCertificateFiles(given, { clock: () => atSeconds, log: silentLogger }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'invalid-argument' });
    return (error as { fieldErrors: { field: string; message: string }[] }).fieldErrors.map(
      ({ message }) => message,
    );
  }

  it('refuse at the start what cannot be served, every fault with its flag', async () => {
    const garbage = join(made, 'garbage');
    writeFileSync(garbage, 'nonsense');
    expect(await faultsOf({ clientCaFile: authority.certFile })).toEqual([
      expect.stringContaining('--tls-cert-file is missing'),
      expect.stringContaining('--tls-key-file is missing'),
    ]);
    expect(await faultsOf({ certFile: first.certFile })).toEqual([
      expect.stringContaining('--tls-key-file is missing'),
    ]);
    expect(await faultsOf({ certFile: join(made, 'nowhere'), keyFile: made })).toEqual([
      expect.stringMatching(/^--tls-cert-file: cannot read .*nowhere: ENOENT/),
      expect.stringMatching(/^--tls-key-file: cannot read .*: EISDIR/),
    ]);
    expect(await faultsOf({ certFile: garbage, keyFile: garbage, clientCaFile: garbage })).toEqual([
      expect.stringMatching(/^--tls-cert-file: .*garbage holds no certificate/),
      expect.stringMatching(/^--tls-client-ca-file: .*garbage holds no certificate/),
      expect.stringMatching(/^--tls-key-file: .*garbage holds no private key/),
    ]);
    expect(await faultsOf({ certFile: first.certFile, keyFile: second.keyFile })).toEqual([
      expect.stringMatching(/^--tls-key-file: .*second.key is not the key of the certificate in .*first.crt/),
    ]);
    const inAWeek = nowSeconds + 7 * day;
    const whole = { ...first, clientCaFile: authority.certFile };
    expect(await faultsOf(whole, inAWeek)).toEqual([
      expect.stringMatching(/^--tls-cert-file: .*first.crt expired at 20\d\d-.*Z; renew it/),
      expect.stringMatching(/^--tls-client-ca-file: .*authority.crt expired at/),
    ]);
  });

  it('are served with an old authority beside a valid one, and with an old root behind the server’s own', async () => {
    const bundle = (name: string, ...pairs: readonly CertificateFilePair[]): string => {
      const file = join(made, name);
      writeFileSync(file, pairs.map(({ certFile }) => readFileSync(certFile, 'utf8')).join(''));
      return file;
    };
    const afterTheFirst = nowSeconds + 5 * day;
    const given = {
      certFile: bundle('chain.pem', second, authority),
      keyFile: second.keyFile,
      clientCaFile: bundle('authorities.pem', authority, second),
    };
    const files = await openCertificateFiles(given, { clock: () => afterTheFirst, log: silentLogger });
    const { server, clientCa = 0 } = files?.current().expirySeconds ?? { server: 0 };
    expect(server).toBeGreaterThan(afterTheFirst);
    expect(clientCa).toBe(server);
    expect(await faultsOf(given, nowSeconds + 20 * day)).toEqual([
      expect.stringMatching(/^--tls-cert-file: .*chain.pem expired at/),
      expect.stringMatching(/^--tls-client-ca-file: .*authorities.pem expired at/),
    ]);
    const between = { ...given, certFile: bundle('between.pem', second, first) };
    expect(await faultsOf(between, afterTheFirst)).toEqual([
      expect.stringMatching(/^--tls-cert-file: .*between.pem expired at/),
    ]);
  });
});
