import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheusHistory } from '../../../src/forecast/history/prometheus.ts';
import { type FakeApi, oneSample, startFakeApi } from './fake-api.ts';

/** Makes the certificates; a program of the machine, not of the project. */
const openssl = 'openssl';
const hasOpenssl = (() => {
  try {
    return execFileSync(openssl, ['version']).length > 0;
  } catch {
    return false;
  }
})();

/** A self-signed certificate for 127.0.0.1 that may be both server and client. */
function certificate(folder: string, name: string): { readonly certFile: string; readonly keyFile: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  execFileSync(openssl, ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...subject], {
    stdio: 'ignore',
  });
  return { certFile, keyFile };
}

describe.skipIf(!hasOpenssl)('a source behind mutual TLS (needs openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  let api: FakeApi;
  let server: ReturnType<typeof certificate>;
  let client: ReturnType<typeof certificate>;

  beforeAll(async () => {
    server = certificate(folder, 'server');
    client = certificate(folder, 'client');
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

  async function ask(options: Omit<Parameters<typeof createPrometheusHistory>[0], 'url'>) {
    const source = createPrometheusHistory({ url: api.url, limits: { retries: 0 }, ...options });
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
