import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { type CertificateFilePair, hasOpenssl, selfSigned } from '../../../../tools/certificates.ts';
import { type FakeApi, oneSample, startFakeApi } from '../../../edges/history/prometheus/fake-api.ts';

describe.skipIf(!hasOpenssl)('a source behind mutual TLS (needs openssl)', () => {
  let folder: string;
  let api: FakeApi;
  let server: CertificateFilePair;
  let client: CertificateFilePair;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    server = selfSigned(folder, 'server');
    client = selfSigned(folder, 'client');
    api = await startFakeApi(oneSample, {
      cert: readFileSync(server.certFile),
      key: readFileSync(server.keyFile),
      ca: readFileSync(client.certFile),
      requestCert: true,
      rejectUnauthorized: true,
    });
  });

  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true });
  });

  async function ask(options: Omit<Parameters<typeof openPrometheus>[0], 'url'>) {
    const source = openPrometheus({ url: api.url, ...options }, { limits: { retries: 0 } });
    try {
      return await source.instant({ query: 'x', atSeconds: 1000 });
    } finally {
      await source.close();
    }
  }

  it('is read with the client certificate and the authority of its own', async () => {
    expect(await ask({ tls: { caFile: server.certFile, ...client } })).toMatchObject({ value: 7 });
  });

  it('is not trusted without its authority, and the setting is named', async () => {
    await expect(ask({ tls: client })).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringContaining('tls.caFile'),
    });
  });

  it('is trusted blindly with unsafeSsl alone', async () => {
    expect(await ask({ tls: client, unsafeSsl: true })).toMatchObject({ value: 7 });
  });

  it('refuses whoever has no certificate', async () => {
    await expect(ask({ tls: { caFile: server.certFile } })).rejects.toMatchObject({
      code: 'source-unreachable',
    });
  });
});
