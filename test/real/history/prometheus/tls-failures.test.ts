import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import {
  type CertificateFilePair,
  hasOpenssl,
  selfSigned,
  signedBy,
} from '../../../../tools/certificates.ts';
import { oneSample, startFakeApi } from '../../../edges/history/prometheus/fake-api.ts';

describe.skipIf(!hasOpenssl)('a failure of TLS says what helps (needs openssl)', () => {
  let folder: string;
  let authority: CertificateFilePair;
  const opened: (() => Promise<void>)[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    authority = selfSigned(folder, 'authority');
  });
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function serve(pair: CertificateFilePair, more: object = {}) {
    const tls = { cert: readFileSync(pair.certFile), key: readFileSync(pair.keyFile), ...more };
    const api = await startFakeApi(oneSample, tls);
    opened.push(() => api.close());
    return api.url;
  }

  function ask(url: string, tls: object = { caFile: authority.certFile }) {
    const source = openPrometheus({ url, tls }, { limits: { retries: 0 } });
    opened.push(() => source.close());
    return source.instant({ query: 'x', atSeconds: 1000 });
  }

  it('names in the certificate and the one asked for, where they differ', async () => {
    const url = await serve(signedBy(authority, folder, 'other', 2, ['prometheus.corp', 'prom.corp']));
    const failure = ask(url.replace('127.0.0.1', 'localhost'));
    await expect(failure).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringMatching(/DNS:prometheus\.corp, DNS:prom\.corp and not for localhost/),
    });
    await expect(failure).rejects.not.toThrow(/caFile/);
  });

  it('the end of a certificate that has expired', async () => {
    const failure = ask(await serve(signedBy(authority, folder, 'expired', -1)));
    await expect(failure).rejects.toThrow(/expired at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; have it renewed/);
    await expect(failure).rejects.not.toThrow(/caFile/);
  });

  it('http:// where there is no TLS, and https:// where there is', async () => {
    const plain = await startFakeApi(oneSample);
    opened.push(() => plain.close());
    const failure = ask(plain.url.replace('http:', 'https:'));
    await expect(failure).rejects.toThrow(/speaks no TLS; use http:\/\//);
    await expect(failure).rejects.not.toThrow(/caFile/);
  });

  it('the setting for an authority that is not known', async () => {
    await expect(ask(await serve(signedBy(authority, folder, 'signed')), {})).rejects.toThrow(
      /authority .* not known here; .*tls\.caFile/,
    );
  });

  it('the settings for a client certificate that the server wants', async () => {
    const ca = readFileSync(authority.certFile);
    const url = await serve(signedBy(authority, folder, 'strict'), {
      requestCert: true,
      rejectUnauthorized: true,
      ca,
    });
    await expect(ask(url)).rejects.toThrow(/client certificate.*tls\.certFile/);
  });

  it('what a file lacks that should hold a certificate or a key', async () => {
    const url = await serve(signedBy(authority, folder, 'good'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const pem = readFileSync(authority.certFile, 'utf8');
    const broken = file('broken.crt', pem.replace(/[A-Za-z0-9+/]{40}/, ''));
    for (const [tls, message] of [
      [
        { caFile: file('text.crt', 'no certificate') },
        /tls\.caFile \(--\S+\): .*text\.crt has no certificate.*BEGIN CERTIFICATE/,
      ],
      [{ caFile: authority.keyFile }, /tls\.caFile \(--\S+\): .*has no certificate/],
      [{ caFile: broken }, /tls\.caFile \(--\S+\): certificate 1 of .*broken\.crt cannot be read/],
      [
        { certFile: authority.keyFile, keyFile: authority.keyFile },
        /tls\.certFile \(--\S+\): .*has no certificate/,
      ],
      [
        { certFile: authority.certFile, keyFile: authority.certFile },
        /tls\.keyFile \(--\S+\): .*no private key/,
      ],
      [
        { certFile: authority.certFile, keyFile: signedBy(authority, folder, 'another').keyFile },
        /tls\.keyFile \(--\S+\): .*not the key of the certificate/,
      ],
      [{ caFile: join(folder, 'nowhere') }, /tls\.caFile \(--\S+\): cannot read/],
    ] as const) {
      await expect(ask(url, tls)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(message),
      });
    }
    expect(await ask(url, { caFile: file('two.crt', `# comment\n${pem}\n${pem}`) })).toMatchObject({
      value: 7,
    });
  });
});
