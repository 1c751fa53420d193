import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningServer, ServerOptions } from '../../src/server/start.ts';
import { startTestServer } from '../real/integration/running.ts';
import { projectRoot } from '../repository/project-files.ts';
import { hasOpenssl, selfSigned } from '../support/certificates.ts';

const question = readFileSync(resolve(projectRoot, 'k8s/stack/grpc-health.js'), 'utf8');
const folder = () => mkdtempSync(join(tmpdir(), 'forescale-test-'));

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What `./stack test` makes a scaler's container run, in the environment of that container. */
async function ask(env: Readonly<Record<string, string>>): Promise<{ code: number; stdout: string }> {
  const options = { cwd: projectRoot, env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 60_000 };
  return promisify(execFile)(process.execPath, ['-e', question], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
}

async function running(more: Partial<ServerOptions> = {}): Promise<string> {
  server = await startTestServer(undefined, '', more);
  return `0.0.0.0:${server.grpcPort}`;
}

describe('the gRPC question of ./stack test', { timeout: 90_000 }, () => {
  it('is answered by a running scaler', async () => {
    const address = await running();
    expect(await ask({ FORESCALE_GRPC_ADDRESS: address })).toEqual({ code: 0, stdout: 'SERVING\n' });
  });

  it('fails where nobody answers', async () => {
    const { code, stdout } = await ask({ FORESCALE_GRPC_ADDRESS: '0.0.0.0:1' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not serving: /);
  });

  it.skipIf(!hasOpenssl)(
    'is answered over mutual TLS, by the certificate of the scaler itself (needs openssl)',
    async () => {
      const certificates = folder();
      const { certFile, keyFile } = selfSigned(certificates, 'server');
      const address = await running({ tls: { certFile, keyFile, clientCaFile: certFile } });
      const tls = { FORESCALE_TLS_CERT_FILE: certFile, FORESCALE_TLS_KEY_FILE: keyFile };
      expect(await ask({ FORESCALE_GRPC_ADDRESS: address, ...tls })).toEqual({
        code: 0,
        stdout: 'SERVING\n',
      });
      rmSync(certificates, { recursive: true });
    },
  );
});
