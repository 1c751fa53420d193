import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExternalScaler } from '../../../src/platform/protocol/external-scaler.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { type CertificateFilePair, hasOpenssl, selfSigned, signedBy } from '../../../tools/certificates.ts';
import { runCommand } from '../../edges/cli/run-command.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestServer } from './running.ts';

type Client = InstanceType<typeof ExternalScaler>;

const metadata = { query: 'up', threshold: '7.5' };

describe.skipIf(!hasOpenssl)('a server with certificates (needs openssl)', () => {
  let made: string;
  let authority: CertificateFilePair;
  let stranger: CertificateFilePair;
  let pairs: Readonly<Record<'first' | 'second' | 'keda', CertificateFilePair>>;
  let served: CertificateFilePair;
  let server: RunningServer | undefined;

  beforeAll(() => {
    made = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    authority = selfSigned(made, 'authority');
    stranger = selfSigned(made, 'stranger');
    pairs = {
      first: signedBy(authority, made, 'first'),
      second: signedBy(authority, made, 'second'),
      keda: signedBy(authority, made, 'keda'),
    };
  });
  afterAll(() => rmSync(made, { recursive: true }));
  beforeEach(() => {
    const folder = mkdtempSync(join(made, 'served-'));
    served = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
    serve(pairs.first);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  function serve({ certFile, keyFile }: CertificateFilePair): void {
    copyFileSync(certFile, served.certFile);
    copyFileSync(keyFile, served.keyFile);
  }

  async function start({ isMutual }: { readonly isMutual: boolean }): Promise<RunningServer> {
    server = await startTestServer(undefined, '', {
      tls: { ...served, clientCaFile: isMutual ? authority.certFile : undefined },
      certificateLookMs: 20,
    });
    return server;
  }

  /** A connection of its own, as KEDA's with caCert and, where there is one, tlsClientCert and tlsClientKey. */
  function clientOf({ grpcPort }: RunningServer, own?: CertificateFilePair): Client {
    const ca = readFileSync(authority.certFile);
    const key = own === undefined ? null : readFileSync(own.keyFile);
    const certificate = own === undefined ? null : readFileSync(own.certFile);
    return new ExternalScaler(`127.0.0.1:${grpcPort}`, credentials.createSsl(ca, key, certificate), {
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  function targetFrom(client: Client): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const ref = { namespace: 'shop', name: 'web', scalerMetadata: metadata };
      client.GetMetricSpec(
        ref,
        { deadline: Date.now() + 20_000 },
        (error: ServiceError | null, answer?: { metricSpecs: { targetSizeFloat?: number }[] }) =>
          error === null ? resolve(answer?.metricSpecs[0]?.targetSizeFloat) : reject(error),
      );
    });
  }

  async function targetOnce(running: RunningServer, own?: CertificateFilePair): Promise<number | undefined> {
    const client = clientOf(running, own);
    try {
      return await targetFrom(client);
    } finally {
      client.close();
    }
  }

  /** Status and body over HTTPS, by a connection of its own that trusts the authority. */
  function get(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
    return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const options = { method, headers, ca: readFileSync(authority.certFile), agent: false };
      request(url, options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode, body }));
      })
        .on('error', reject)
        .end();
    });
  }

  /** The name in the certificate that a port shows to a new connection. */
  function shownAt(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const ca = readFileSync(authority.certFile);
      const socket = connectTls({ host: '127.0.0.1', port, ca, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  it('speaks TLS on both ports to clients without a certificate, and nothing in the clear', async () => {
    const running = await start({ isMutual: false });
    expect(await targetOnce(running)).toBe(7.5);
    expect(running.httpUrl).toMatch(/^https:/);
    expect((await get(`${running.httpUrl}/healthz`)).status).toBe(200);
    const clear = new ExternalScaler(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    await expect(targetFrom(clear)).rejects.toMatchObject({ code: 14 });
    clear.close();
    await expect(fetch(running.httpUrl.replace('https', 'http'))).rejects.toThrow();
  });

  it('lets nobody call gRPC without a certificate of its authority, and asks none of probes and Prometheus', async () => {
    const running = await start({ isMutual: true });
    expect(await targetOnce(running, pairs.keda)).toBe(7.5);
    await expect(targetOnce(running)).rejects.toMatchObject({ code: 14 });
    await expect(targetOnce(running, stranger)).rejects.toMatchObject({ code: 14 });
    await running.ready;
    const { status, body } = await get(`${running.httpUrl}/metrics`);
    expect(status).toBe(200);
    expect((await get(`${running.httpUrl}/readyz`)).status).toBe(200);
    const ends = [
      ...body.matchAll(/^forescale_tls_certificate_expiry_timestamp_seconds\{certificate="(.*)"\} (\d+)/gm),
    ];
    expect(ends.map(([, certificate]) => certificate)).toEqual(['server', 'client-ca']);
    for (const [, , end] of ends) expect(Number(end)).toBeGreaterThan(Date.now() / 1000);
  });

  it('takes a renewed certificate over while it is called, and no call fails', async () => {
    const running = await start({ isMutual: true });
    const httpPort = Number(new URL(running.httpUrl).port);
    const standing = clientOf(running, pairs.keda);
    const calls = { made: 0, failed: [] as unknown[], stop: false };
    const caller = async (call: () => Promise<unknown>) => {
      while (!calls.stop) {
        await call().catch((error: unknown) => calls.failed.push(error));
        calls.made++;
        await sleep(1);
      }
    };
    const callers = [
      caller(() => targetFrom(standing)),
      caller(() => targetOnce(running, pairs.keda)),
      caller(() => get(`${running.httpUrl}/healthz`)),
    ];
    expect([await shownAt(running.grpcPort), await shownAt(httpPort)]).toEqual(['first', 'first']);
    let before = calls.made;
    await eventually(
      () => calls.made - before,
      (more) => more > 20,
    );
    serve(pairs.second);
    await eventually(
      async () => [await shownAt(running.grpcPort), await shownAt(httpPort)],
      ([grpc, http]) => grpc === 'second' && http === 'second',
    );
    before = calls.made;
    await eventually(
      () => calls.made - before,
      (more) => more > 20,
    );
    calls.stop = true;
    await Promise.all(callers);
    standing.close();
    expect(calls.failed).toEqual([]);
    expect((await get(`${running.httpUrl}/metrics`)).body).toContain(
      'forescale_tls_renewals_total{outcome="renewed"} 1',
    );
  });

  it('is played by keda-sim, which shows a certificate as KEDA does', async () => {
    const running = await start({ isMutual: true });
    /** Plays until it has said what is waited for, and gives all it said. */
    const play = async (awaited: string, ...flags: readonly string[]) => {
      const enough = new AbortController();
      let said = '';
      const fast = ['--polling-interval', '50ms', '--hpa-sync', '50ms', '--for', '20s', '--json'];
      const target = ['--address', `127.0.0.1:${running.grpcPort}`, '--metadata', 'threshold=7.5'];
      await runCommand(['keda-sim', ...target, '--metadata', 'query=up', ...fast, ...flags], {
        stdout(text) {
          said += text;
          if (said.includes(awaited)) enough.abort();
        },
        signal: enough.signal,
      }).catch(() => undefined);
      return said;
    };
    const { certFile, keyFile } = pairs.keda;
    const ca = ['--ca-cert', authority.certFile];
    // The scaler has no Prometheus: its own words about that are the proof that it was reached.
    const words = 'this server has no default source';
    expect(await play(words, ...ca, '--tls-client-cert', certFile, '--tls-client-key', keyFile)).toContain(
      words,
    );
    const refused = '"what":"GetMetricSpec","code":"UNAVAILABLE"';
    expect(await play(refused, ...ca)).toContain(refused);
    expect(await play(refused)).toContain(refused);
  });

  it('goes on with the certificate it has beside a pair that does not match, and counts it', async () => {
    const running = await start({ isMutual: false });
    copyFileSync(pairs.second.certFile, served.certFile);
    await eventually(
      async () => (await get(`${running.httpUrl}/metrics`)).body,
      (body) => body.includes('forescale_tls_renewals_total{outcome="refused"} 1'),
    );
    expect(await shownAt(running.grpcPort)).toBe('first');
    expect(await targetOnce(running)).toBe(7.5);
  });
});
