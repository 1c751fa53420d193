import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryFolder, type TemporaryFolder } from '../../../tools/temporary-folder.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { eventually } from '../../support/eventually.ts';
import { apiServerPrograms, startApiServer } from '../api-server.ts';
import { installedPath, skippedNote, whyNotInstalled } from '../real-programs.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';

const missing = await whyNotInstalled(apiServerPrograms);

/**
 * Stands in for the part of kubectl that needs a kubelet: it forwards a free port, prints what kubectl prints, and stays until it is
 * ended. Everything else it hands to the real kubectl, or answers from a file.
 */
const standIn = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const net = require('node:net');
const args = process.argv.slice(2);
appendFileSync(process.env.CALLS, JSON.stringify({ pid: process.pid, args }) + '\\n');
if (args[0] === 'port-forward') {
  const server = net.createServer((socket) => {
    const to = net.connect(Number(process.env.TARGET_PORT), '127.0.0.1');
    socket.on('error', () => to.destroy());
    to.on('error', () => socket.destroy());
    socket.pipe(to).pipe(socket);
  });
  server.listen(0, '127.0.0.1', () => console.log('Forwarding from 127.0.0.1:' + server.address().port + ' -> 8080'));
} else if (process.env.REAL_KUBECTL) {
  const { status } = spawnSync(process.env.REAL_KUBECTL, args, { stdio: 'inherit' });
  process.exitCode = status;
} else if (process.env.SILENT) {
  setInterval(() => undefined, 1000);
} else if (args.includes('--all-namespaces') && process.env.FORBIDDEN) {
  console.error('Error from server (Forbidden): services is forbidden');
  process.exitCode = 1;
} else process.stdout.write(readFileSync(process.env.SERVICES));
`;

const service = (namespace: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    namespace,
    name,
    labels: {
      'app.kubernetes.io/name': 'forescale',
      'app.kubernetes.io/component': 'scaler',
      'app.kubernetes.io/instance': name,
    },
  },
  spec: {
    ports: [
      { name: 'grpc', port: 6000 },
      { name: 'http', port: 8080 },
    ],
    ...more,
  },
});
const headless = service('forescale', 'forescale-peers', { clusterIP: 'None' });
/** As k8s/components/node-ports has it. */
const nodePort = service('forescale', 'forescale-node-port', { ports: [{ name: 'http', port: 8080 }] });

describe('kubectl forescale', () => {
  let folder: TemporaryFolder;
  let server: ServeProcess;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await openTemporaryFolder('forescale-kubectl');
    server = await startServeProcess('http://127.0.0.1:9', {
      flags: ['--config', join(folder.path, 'config.yaml')],
      ...prepared(),
    });
    env = { ...env, TARGET_PORT: new URL(server.httpUrl).port };
  });
  afterAll(async () => {
    await server?.stop();
    await folder?.remove();
  });

  function prepared() {
    const kubectl = join(folder.path, 'kubectl');
    writeFileSync(kubectl, standIn);
    chmodSync(kubectl, 0o755);
    const workloads = [{ namespace: 'shop', name: 'web', metadata: { query: 'up', threshold: '10' } }];
    writeFileSync(join(folder.path, 'config.yaml'), JSON.stringify({ workloads }));
    const files = { CALLS: join(folder.path, 'calls'), SERVICES: join(folder.path, 'services') };
    env = { ...process.env, KUBECTL: kubectl, ...files };
    return {};
  }

  const services = (...items: readonly object[]) =>
    writeFileSync(join(folder.path, 'services'), JSON.stringify({ items }));
  const calls = () =>
    readFileSync(join(folder.path, 'calls'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly pid: number; readonly args: readonly string[] });
  const forwards = () => calls().filter(({ args }) => args[0] === 'port-forward');
  const isRunning = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  const plugin = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
      const options = { cwd: projectRoot, env: { ...env, ...more } };
      execFile(process.execPath, ['bin/kubectl-forescale.js', ...args], options, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });

  it('asks the release that it finds, hands on the context, and ends the port-forward', async () => {
    services(service('forescale', 'forescale'), headless, nodePort);
    const { exitCode, stdout, stderr } = await plugin(['status', '--context', 'production']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('shop/web');
    const forward = forwards().at(-1);
    expect(forward?.args).toEqual([
      ...['port-forward', '--address', '127.0.0.1', '-n', 'forescale'],
      ...['--context', 'production', 'service/forescale', ':8080'],
    ]);
    expect(calls().at(-2)?.args).toContain('--all-namespaces');
    await eventually(
      () => isRunning(forward?.pid ?? 0),
      (running) => !running,
    );
  });

  it('ends the port-forward when the user ends a watch', async () => {
    services(service('forescale', 'forescale'));
    const child: ChildProcess = spawn(
      process.execPath,
      ['bin/kubectl-forescale.js', 'status', '-w', '-n', 'forescale'],
      { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    child.stdout?.on('data', (text) => {
      said += String(text);
    });
    await eventually(
      () => said,
      (text) => text.includes('shop/web'),
    );
    const { pid = 0 } = forwards().at(-1) ?? {};
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    await eventually(
      () => isRunning(pid),
      (running) => !running,
    );
  });

  it('ends with kubectl when it is ended while the cluster does not answer', async () => {
    const before = calls().length;
    const child = spawn(process.execPath, ['bin/kubectl-forescale.js', 'status'], {
      ...{ cwd: projectRoot, env: { ...env, SILENT: 'yes' } },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await eventually(
      () => calls().length,
      (count) => count > before,
    );
    const { pid = 0 } = calls().at(-1) ?? {};
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    // It asks once, and not again in the namespace of the context.
    expect(calls()).toHaveLength(before + 1);
    await eventually(
      () => isRunning(pid),
      (running) => !running,
    );
  });

  it('says what is missing or not clear, and hands on the exit code of the command', async () => {
    services(headless);
    expect(await plugin(['status'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no Service with the labels'),
    });
    services(service('a', 'one'), service('b', 'two'));
    expect(await plugin(['status'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('a/one, b/two'),
    });
    expect(await plugin(['status', '--release', 'two'])).toMatchObject({ exitCode: 0 });
    expect(forwards().at(-1)?.args).toContain('service/two');
    expect(await plugin(['mode', 'off', '--release', 'two'])).toMatchObject({ exitCode: 2 });
    expect(await plugin(['serve'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('asks no running server'),
    });
    expect(await plugin(['status', '--server', 'http://a'])).toMatchObject({ exitCode: 2 });
    expect((await plugin(['--help'])).stdout).toContain('kubectl forescale COMMAND');
  });

  it('looks in the namespace of the context where it may not look in every one', async () => {
    services(service('forescale', 'forescale'));
    expect(await plugin(['mode'], { FORBIDDEN: '1' })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^mode active/),
    });
  });

  it.skipIf(missing)(
    `finds the Service of our manifests by the real kubectl${skippedNote(missing)}`,
    async () => {
      const cluster = await startApiServer();
      try {
        await cluster.kubectl(['create', 'namespace', 'forescale']);
        const applied = await cluster.kubectl(['apply', '-f', join(projectRoot, 'k8s/base/service.yaml')]);
        expect(applied.exitCode, applied.stderr).toBe(0);
        const { exitCode, stdout, stderr } = await plugin(['status'], {
          REAL_KUBECTL: await installedPath('kubectl'),
          KUBECONFIG: cluster.adminKubeconfig,
        });
        expect(stderr).toBe('');
        expect(exitCode).toBe(0);
        expect(stdout).toContain('shop/web');
        const wanted = ['-n', 'forescale', 'service/forescale', ':8080'];
        expect(forwards().at(-1)?.args).toEqual(expect.arrayContaining(wanted));
      } finally {
        await cluster.stop();
      }
    },
  );
});
