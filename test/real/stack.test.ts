import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInstalledProgram } from '../../tools/programs/find-program.ts';
import { parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { definitionsFor } from './custom-resources.ts';
import { whyNotInstalled } from './real-programs.ts';
import { applyPrerequisites } from './server-dry-run.ts';

const missing = await whyNotInstalled(apiServerPrograms);
/** Minutes on a machine that runs other tests beside it: every call is a kubectl that first asks what there is. */
const patienceMs = 600_000;
const image = 'registry.example/team/forescale:7';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In the order of a user's day: each goes on where the one before it ended. */
const title = `./stack with a real API server${missing === undefined ? '' : ` (skipped: ${missing})`}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  const work = mkdtempSync(join(tmpdir(), 'forescale stack '));
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    const rendered = await server.kubectl(['kustomize', resolve(projectRoot, 'k8s/overlays/dev')]);
    await applyPrerequisites(server.kubectl, await definitionsFor(parseManifests(rendered.stdout)));

    const kubeconfig = await server.kubectl(['config', 'view', '--raw', '--minify']);
    writeFileSync(join(work, 'kubeconfig'), kubeconfig.stdout, { mode: 0o600 });
    mkdirSync(join(work, 'bin'));
    mkdirSync(join(work, 'tmp'));
    const kubectl = join(work, 'bin/kubectl');
    const found = await findInstalledProgram('kubectl', process.env);
    if (!('path' in found)) throw new Error(found.remedy);
    writeFileSync(kubectl, `#!/bin/sh\nexec '${found.path}' "$@"\n`);
    chmodSync(kubectl, 0o755);
  }, patienceMs);
  afterAll(async () => {
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  function stack(...args: string[]): Promise<Ended> {
    const env = {
      PATH: `${join(work, 'bin')}:/usr/bin:/bin`,
      HOME: work,
      TMPDIR: join(work, 'tmp'),
      KUBECONFIG: join(work, 'kubeconfig'),
    };
    const [verb = '', ...rest] = args;
    const given = [verb, ...rest, '--target', 'dev'];
    return new Promise((done) => {
      execFile(
        resolve(projectRoot, 'stack'),
        given,
        { env, maxBuffer: 50_000_000 },
        (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  async function names(...args: string[]): Promise<string[]> {
    const { stdout } = await server.kubectl(['get', ...args, '-o', 'name']);
    return stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  }
  const ours = (...args: string[]) => names(...args, '-l', 'app.kubernetes.io/part-of=forescale');

  it('doctor may do everything, and finds no node', async () => {
    const { code, stdout } = await stack('doctor', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; found: string }[] };
    const status = Object.fromEntries(checks.map((one) => [one.id, one.status]));
    expect({ code, status }).toMatchObject({
      code: 1,
      status: { access: 'ok', kubernetes: 'ok', rights: 'ok', nodes: 'failed', 'storage-class': 'failed' },
    });
  });

  it('install makes namespaces and secrets, and leaves both alone the second time', async () => {
    expect(await stack('install', '--no-keda')).toMatchObject({ code: 0, stdout: '' });
    expect(await stack('deploy', '--image', image)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the manifests need the namespace keda'),
    });
    expect(await server.kubectl(['create', 'namespace', 'keda'])).toMatchObject({ exitCode: 0 });
    expect(await ours('namespaces')).toEqual([
      'namespace/forescale',
      'namespace/monitoring',
      'namespace/telemetry-app',
    ]);
    const secrets = () =>
      server.kubectl(['get', 'secrets', '-A', '-o', 'jsonpath={.items[*].metadata.resourceVersion}']);
    const before = await secrets();
    expect(before.stdout).toMatch(/^\d+ \d+$/);
    expect(await stack('install', '--no-keda')).toMatchObject({ code: 0 });
    expect(await secrets()).toEqual(before);
    const { stdout } = await stack('credentials');
    expect(stdout).toMatch(
      /^Grafana, user +admin\nGrafana, password +s\w{20,}\nforecasting API, bearer token +s\w{20,}\n$/,
    );
  });

  it('deploy is taken by the server, and says that nothing comes up where there is no node', async () => {
    const { code, stderr } = await stack('deploy', '--image', image, '--timeout', '1s');
    expect(stderr).toContain('deployment.apps/app-a serverside-applied');
    expect(stderr).toContain('not everything came up');
    expect(code).toBe(1);
    const images = await server.kubectl([
      'get',
      'deployments',
      '-A',
      '-o',
      'jsonpath={.items[*].spec.template.spec.containers[0].image}',
    ]);
    expect(images.stdout.split(' ').filter((one) => one === image)).toHaveLength(4);
  });

  it('status tells what is not ready from what is', async () => {
    const before = await stack('status');
    expect(before.code).toBe(1);
    expect(before.stdout).toMatch(/Not ready:\n(.+\n)*deployment forescale\/forescale: 0 of 2\n/);
    for (const workload of await names('deployments,statefulsets', '-n', 'forescale')) {
      await makeReady(workload, 'forescale', '{"status":{"replicas":2,"readyReplicas":2}}');
    }
    const after = await stack('status');
    expect(after.stdout).not.toContain('deployment forescale/forescale');
    expect(after.stdout).toContain('scaledobject telemetry-app/app-a');
  });

  async function makeReady(workload: string, namespace: string, patch: string): Promise<void> {
    const args = ['patch', workload, '-n', namespace, '--subresource=status', '--type=merge', '-p', patch];
    expect(await server.kubectl(args)).toMatchObject({ exitCode: 0 });
  }

  it('load and seed make Jobs that the server takes, with what was asked for', async () => {
    expect(await stack('load', 'weekday', 'LOAD_PEAK_RPS=99')).toMatchObject({ code: 0 });
    const [job] = await names('jobs', '-n', 'telemetry-app');
    expect(job).toMatch(/^job\.batch\/load-weekday-/);
    const env = await server.kubectl([
      'get',
      job ?? '',
      '-n',
      'telemetry-app',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].env[?(@.name=="LOAD_PEAK_RPS")].value}',
    ]);
    expect(env.stdout).toBe('99');
    expect(await stack('seed')).toMatchObject({ code: 1, stderr: expect.stringContaining('has not ended') });
    expect(await stack('load', 'stop')).toMatchObject({ code: 0 });
    expect(await names('jobs', '-n', 'telemetry-app')).toEqual([]);
    const { stdout } = await stack('seed', '--days', '3', '--dry-run');
    expect(parseManifests(stdout)[0]).toMatchObject({ kind: 'Job' });
    expect(stdout).toContain('--days=3');
  });

  it('cleanup takes what is ours and leaves what is not, and asks before', async () => {
    const shop = ['create', 'configmap', 'shop', '-n', 'telemetry-app', '--from-literal=a=b'];
    expect(await server.kubectl(shop)).toMatchObject({ exitCode: 0 });
    const all =
      'deployments,statefulsets,services,configmaps,cronjobs,networkpolicies,scaledobjects,serviceaccounts,poddisruptionbudgets,roles,rolebindings,clusterroles';
    const before = await ours(all, '-A');
    expect(before.length).toBeGreaterThan(40);
    expect(await stack('cleanup')).toMatchObject({ code: 1 });
    expect(await stack('cleanup', '--yes', '--dry-run')).toMatchObject({ code: 0 });
    expect(await ours(all, '-A')).toEqual(before);

    const { code, stderr } = await stack('cleanup', '--yes');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await ours(all, '-A')).toEqual([]);
    expect(await names('configmaps', '-n', 'telemetry-app')).toContain('configmap/shop');
    expect(stderr).toContain('namespace telemetry-app stays, for it holds: configmap/shop');
    expect(await ours('secrets', '-A')).toHaveLength(2);
  });

  it('leaves no file behind', () => {
    expect(readdirSync(join(work, 'tmp'))).toEqual([]);
  });
});
