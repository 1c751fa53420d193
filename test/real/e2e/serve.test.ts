import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../repository/project-files.ts';
import { eventually } from '../../support/eventually.ts';
import { createKedaCaller } from '../integration/scaler-client.ts';

describe('forescale serve, as a process', () => {
  let stop = () => true;
  afterEach(() => stop());

  function start(...args: string[]) {
    const child = spawn('node', ['src/cli/main.ts', 'serve', ...args], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    stop = () => child.kill('SIGKILL');
    const said = { stderr: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    return { child, said };
  }

  it('listens, is alive and ready, answers from metadata with no Prometheus there, and ends on SIGTERM', async () => {
    const { child, said } = start(
      ...[
        '--grpc-address',
        '127.0.0.1:0',
        '--http-address',
        '127.0.0.1:0',
        '--prometheus-url',
        'http://127.0.0.1:9',
      ],
    );
    const listening = await eventually(
      async () => said.stderr.split('\n').find((line) => line.includes('"msg":"listening"')),
      (line) => line !== undefined,
    );
    const { grpcPort, http } = JSON.parse(listening ?? '{}') as { grpcPort: number; http: string };
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    await eventually(
      async () => (await fetch(`${http}/readyz`)).status,
      (status) => status === 200,
    );
    const keda = createKedaCaller(grpcPort);
    const metadata = { query: 'up', threshold: '7.5' };
    expect((await keda.spec('shop', metadata)).targetSizeFloat).toBe(7.5);
    // Until the first question is over, a call that has waited for it says so.
    await expect
      .poll(() => keda.value('shop', metadata).catch(String))
      .toMatch(/source-unreachable: shop\/shop: .*127\.0\.0\.1:9/);
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    keda.close();
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code, said.stderr).toBe(0);
  });

  it('refuses a configuration with every fault in it, and exits with 2', async () => {
    const { child, said } = start('--grpc-address', 'nonsense', '--config', 'test/real/e2e/bad-config.yaml');
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    for (const fault of [
      'timing.refreshIntervall',
      'did you mean "refreshInterval"',
      'profiles.0.url',
      'limits.workloads',
    ]) {
      expect(said.stderr).toContain(fault);
    }
    expect(said.stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses certificates that cannot be served, each with its flag, and exits with 2', async () => {
    const { child, said } = start('--tls-cert-file', 'package.json', '--tls-client-ca-file', 'nowhere.crt');
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(said.stderr).toMatch(
      /2 errors:\s+- --tls-key-file is missing.*\s+- --tls-client-ca-file: cannot read/,
    );
    expect(said.stderr).not.toMatch(/\n\s+at /);
  });
});
