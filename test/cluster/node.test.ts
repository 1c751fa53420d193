import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, nodePort, startCluster } from '../../tools/cluster/start-cluster.ts';
import { whyNoCluster } from '../../tools/cluster/why-no-cluster.ts';
import { imageArchive } from '../../tools/images/image-archive.ts';
import { startServerProcess } from '../../tools/programs/server-process.ts';
import { installedPath, skippedNote } from '../real/real-programs.ts';
import { mustSucceed } from '../real/server-dry-run.ts';
import { projectRoot } from '../repository/project-files.ts';
import { machine, noTraces, tracesOf } from './traces.ts';
import { webApp, webNodePort } from './web-app.ts';

const why = await whyNoCluster(process.env);
/** Starting takes half a minute on two idle cores, and building the image as long again. */
const patienceMs = 600_000;
const polling = { timeout: 120_000, interval: 500 };

describe.skipIf(why)(`a cluster of one real node${skippedNote(why)}`, { timeout: patienceMs }, () => {
  let before: ReturnType<typeof machine>;
  let cluster: Cluster;
  let startSeconds: number;
  const kubectl = (...args: readonly string[]) => mustSucceed(cluster.kubectl, args);
  /** What Node prints that runs `code` in the pod. */
  const evaluate = async (code: string) =>
    (await kubectl('exec', 'deployment/web', '--', '/nodejs/bin/node', '--eval', code)).trim();

  beforeAll(async () => {
    before = machine();
    const { image, file } = await imageArchive('forescale', process.env);
    const startMs = performance.now();
    cluster = await startCluster({ env: process.env });
    startSeconds = Math.round((performance.now() - startMs) / 1000);
    await cluster.importImage(file);
    const manifests = webApp(image).map((manifest) => JSON.stringify(manifest));
    await mustSucceed(cluster.kubectl, ['apply', '--filename=-'], manifests.join('\n---\n'));
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=50s');
  }, patienceMs);
  afterAll(() => cluster?.stop());

  it('has a node that is Ready', async ({ annotate }) => {
    const isReady = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
    expect(await kubectl('get', 'nodes', `--output=jsonpath=${isReady}`)).toBe('True');
    await annotate(`from nothing to a node and a DNS that are ready: ${startSeconds} s`);
    await annotate((await kubectl('get', 'nodes', '--no-headers', '--output=wide')).trim());
  });

  it('runs an imported image as it says, and kubectl shows its logs', async () => {
    expect(await kubectl('logs', 'deployment/web')).toContain('"msg":"listening"');
    expect(await evaluate('console.log(process.getuid(), process.cwd())')).toBe('65532 /app');
  });

  it('answers at a port that kubectl forwards', async () => {
    const forwarding = await startServerProcess({
      name: 'kubectl-port-forward',
      path: await installedPath('kubectl'),
      args: (port) => ['port-forward', '--address=127.0.0.1', 'deployment/web', `${port}:8000`],
      env: () => ({ ...process.env, KUBECONFIG: cluster.kubeconfig }),
      readyPath: '/readyz',
    });
    await forwarding.stop();
  });

  it('leads from this machine to a pod, to a Service and to a port of the node', async () => {
    const ask = async (address: string) => {
      const { port, close } = await cluster.forward(address);
      const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
      await close();
      return status;
    };
    const podAddress = '{.items[0].status.podIP}';
    const pod = await kubectl('get', 'pods', '--selector=app=web', `--output=jsonpath=${podAddress}`);
    const service = await kubectl('get', 'service', 'web', '--output=jsonpath={.spec.clusterIP}');
    expect(await ask(`${pod}:8000`)).toBe(200);
    expect(await ask(`${service}:80`)).toBe(200);
    expect(await ask(nodePort(webNodePort))).toBe(200);
  });

  it('leads a pod to a Service by its name, to the API server, and nowhere else', async () => {
    const heard = '(answer) => answer.destroy() && console.log(answer.statusCode)';
    const failed = '({ code }) => console.log(code)';
    const answer = (get: string) => evaluate(`${get}, ${heard}).on('error', ${failed})`);
    expect(await answer("http.get('http://web/readyz'")).toBe('200');
    expect(await answer("http.get('http://web.default.svc.cluster.local/readyz'")).toBe('200');
    expect(await answer("http.get('http://example.com/'")).toBe('ENOTFOUND');
    const ca = "{ ca: fs.readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt') }";
    expect(await answer(`https.get('https://kubernetes.default.svc/readyz', ${ca}`)).toBe('200');
  });

  it('binds a claim to a volume that the group of the pod may write to', async () => {
    expect(await kubectl('get', 'pvc', 'data', '--output=jsonpath={.status.phase}')).toBe('Bound');
    const code = "fs.writeFileSync('/data/written', 'x'); console.log(fs.readdirSync('/data').join())";
    expect(await evaluate(code)).toBe('written');
  });

  it('refuses a pod that Pod Security restricted does not allow', async () => {
    const { stderr } = await cluster.kubectl(['run', 'root', '--image=forescale', '--dry-run=server']);
    expect(stderr).toContain('violates PodSecurity "restricted');
  });

  it('leaves nothing on the machine when it is stopped', async () => {
    const traces = tracesOf(cluster.folder);
    const { processes, controlGroups, folder } = traces();
    expect(processes.length).toBeGreaterThan(10);
    expect(controlGroups.length).toBeGreaterThan(0);
    expect(folder).toBe(true);
    expect(machine()).toEqual(before);
    await cluster.stop();
    expect(traces()).toEqual(noTraces);
    expect(machine()).toEqual(before);
  });

  /** Starts `make cluster` and waits for what it says; resolves with its exit and a look for what is there of its cluster. */
  async function makeCluster(output: 'stdout' | 'stderr', said: RegExp) {
    const command = spawn(process.execPath, ['tools/cluster/main.ts'], { cwd: projectRoot });
    const exited = once(command, 'exit') as Promise<[code: number | null]>;
    let heard = '';
    command[output].on('data', (part: Buffer) => {
      heard += String(part);
    });
    await expect.poll(() => heard, polling).toMatch(said);
    const [, folder = ''] = said.exec(heard) ?? [];
    await expect.poll(() => existsSync(join(folder, 'init.pid')), polling).toBe(true);
    return { command, exited, traces: tracesOf(folder) };
  }

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`leaves nothing on the machine when \`make cluster\` is ended by ${signal}`, async () => {
      const { command, exited, traces } = await makeCluster(
        'stdout',
        /^export KUBECONFIG=(.*)\/kubeconfig\n/,
      );
      expect(traces().processes.length).toBeGreaterThan(10);
      command.kill(signal);
      await exited;
      await expect.poll(traces, polling).toEqual(noTraces);
      expect(machine()).toEqual(before);
    });
  }

  it('leaves nothing on the machine when `make cluster` is ended by SIGINT while it starts', async () => {
    const { command, exited, traces } = await makeCluster('stderr', /logs are in (.*)\/log\n/);
    command.kill('SIGINT');
    expect(await exited).toContain(130);
    expect(traces()).toEqual(noTraces);
    expect(machine()).toEqual(before);
  });
});
