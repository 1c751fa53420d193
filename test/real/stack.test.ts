import { copyFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInstalledProgram } from '../../tools/programs/find-program.ts';
import { parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import { linkStack } from '../stack/linked-stack.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { definitionsFor } from './custom-resources.ts';
import { whyNotInstalled } from './real-programs.ts';
import { apply, applyPrerequisites, mustSucceed } from './server-dry-run.ts';

const missing = await whyNotInstalled(apiServerPrograms);
/** Minutes on a machine that runs other tests beside it: every call is a kubectl that first asks what there is. */
const patienceMs = 600_000;
const image = 'registry.example/team/forescale:7';

/** The tests follow a user's day: each one continues in the cluster that the test before it has left. */
const title = `./stack with a real API server${missing === undefined ? '' : ` (skipped: ${missing})`}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  let linked: ReturnType<typeof linkStack>;
  let work: string;
  let server: ApiServer;
  beforeAll(async () => {
    linked = linkStack();
    work = linked.folder;
    server = await startApiServer();
    const rendered = await mustSucceed(server.kubectl, [
      'kustomize',
      resolve(projectRoot, 'k8s/overlays/dev'),
    ]);
    const definitions = await definitionsFor(parseManifests(rendered));
    await applyPrerequisites(server.kubectl, definitions);
    const kubeconfig = await mustSucceed(server.kubectl, ['config', 'view', '--raw', '--minify']);
    writeFileSync(join(work, 'kubeconfig'), kubeconfig, { mode: 0o600 });
    const found = await findInstalledProgram('kubectl', process.env);
    if (!('path' in found)) throw new Error(found.remedy);
    symlinkSync(found.path, join(work, 'bin/kubectl'));
  }, patienceMs);
  afterAll(async () => {
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /** For the overlay `dev`, unless the arguments name a target. */
  const stack = (args: string, kubeconfig?: string) =>
    linked.run(args.includes('--target') ? args : `${args} --target dev`, kubeconfig);
  const fails = (text: string) => ({ code: 1, stderr: expect.stringContaining(text) });
  const kubectl = (...args: string[]) => mustSucceed(server.kubectl, args);
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  const names = async (...args: string[]) => words(await kubectl('get', ...args, '-o', 'name')).sort();
  const ours = (...args: string[]) => names(...args, '-l', 'app.kubernetes.io/part-of=forescale');
  /** Changes with every write. */
  const versions = async (kinds: string) =>
    words(await kubectl('get', kinds, '-A', '-o', 'jsonpath={.items[*].metadata.resourceVersion}'));

  it('doctor may do everything, and finds no node', async () => {
    const { code, stdout } = await stack('doctor --json');
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; found: string }[] };
    const status = Object.fromEntries(checks.map((one) => [one.id, one.status]));
    expect({ code, status }).toMatchObject({
      code: 1,
      status: {
        ...{ access: 'ok', kubernetes: 'ok', rights: 'ok', namespaces: 'ok', keda: 'failed' },
        ...{ nodes: 'failed', room: 'failed', 'storage-class': 'failed' },
      },
    });
  });

  it('changes nothing in a namespace of somebody else, and says how it becomes ours', async () => {
    await kubectl('create', 'namespace', 'monitoring');
    for (const verb of ['install --no-keda', `deploy --image ${image}`]) {
      expect(await stack(verb)).toMatchObject(fails('not ours, but there: namespace monitoring'));
    }
    expect(await ours('namespaces')).toEqual([]);
    await kubectl('label', 'namespace', 'monitoring', 'app.kubernetes.io/part-of=forescale');
  });

  it('asks before a cluster that does not look like the target, and one that looks like production', async () => {
    for (const target of ['k3s', 'microk8s', 'minikube', 'kind', 'local']) {
      expect(await stack(`install --target ${target}`)).toMatchObject(fails(`does not look like ${target}`));
    }
    expect(await stack('install --target staging')).toMatchObject(fails('Nobody is there to ask'));
    const production = join(work, 'production');
    copyFileSync(join(work, 'kubeconfig'), production);
    const config = [`--kubeconfig=${production}`, 'config'];
    const context = await kubectl(...config, 'current-context');
    await kubectl(...config, 'rename-context', context.trim(), 'eu-prod');
    expect(await stack('install', production)).toMatchObject(fails('eu-prod looks like production'));
    expect(await stack('status --context nobody')).toMatchObject(fails('nobody'));
    expect(await ours('namespaces')).toEqual(['namespace/monitoring']);
  });

  it('install --dry-run prints namespaces and no secret, and changes nothing', async () => {
    const { code, stdout, stderr } = await stack('install --no-keda --dry-run');
    expect(code).toBe(0);
    expect(parseManifests(stdout).map(({ kind }) => kind)).toEqual(['Namespace', 'Namespace', 'Namespace']);
    expect(stderr).toContain('would create: secret monitoring/grafana-admin, generated');
    expect(await ours('namespaces')).toEqual(['namespace/monitoring']);
  });

  it('install makes namespaces and secrets, and leaves both alone the second time', async () => {
    expect(await stack('install --no-keda')).toMatchObject({ code: 0, stdout: '' });
    expect(await stack(`deploy --image ${image}`)).toMatchObject(fails('there is no namespace keda'));
    const made = ['forescale', 'monitoring', 'telemetry-app'].map((name) => `namespace/${name}`);
    expect(await ours('namespaces')).toEqual(made);
    const before = await versions('secrets,namespaces');
    expect(await ours('secrets', '-A')).toHaveLength(2);
    const { code, stdout, stderr } = await stack('install --no-keda');
    expect(code).toBe(0);
    expect(await versions('secrets,namespaces')).toEqual(before);
    const credentials = (await stack('credentials')).stdout;
    expect(credentials).toMatch(
      /^Grafana, user +admin\nGrafana, password +\w{48}\nforecasting API, bearer token +\w{48}\n$/,
    );
    const [password = ''] = /\w{48}/.exec(credentials) ?? [];
    expect(stdout + stderr).not.toContain(password);
  });

  it('install refuses definitions of KEDA without an operator, and brings KEDA where there is nothing', async () => {
    expect(await stack('install')).toMatchObject(fails('no operator runs'));
    await kubectl('delete', 'crd', '-l', 'app.kubernetes.io/part-of!=forescale');
    const { code, stderr } = await stack('install --timeout 1s');
    expect({ code, stderr }).toMatchObject(fails('not everything came up: keda/deployment/keda-'));
    expect(await ours('namespaces')).toContain('namespace/keda');
    const before = await versions('deployments');
    expect(await stack('install')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('KEDA 2.20.2 is there'),
    });
    expect(await versions('deployments')).toEqual(before);
  });

  it('deploy is taken by the server, and says that nothing comes up where there is no node', async () => {
    expect(await stack('deploy')).toMatchObject(fails('no registry has forescale:'));
    const { code, stderr } = await stack(`deploy --image ${image} --timeout 1s`);
    expect(stderr).toContain('deployment.apps/app-a serverside-applied');
    expect({ code, stderr }).toMatchObject(fails('not everything came up'));
    // KEDA learns of it after the wait for what answers it.
    expect(stderr).toContain('timed out waiting for the condition');
    expect(stderr.split('timed out waiting for the condition').at(-1)).toContain(
      'scaledobject.keda.sh/app-a serverside-applied',
    );
    const images = await kubectl(
      'get',
      'deployments',
      '-A',
      '-o',
      'jsonpath={.items[*].spec.template.spec.containers[0].image}',
    );
    expect(words(images).filter((one) => one === image)).toHaveLength(4);
    const before = await versions('deployments,statefulsets,services,configmaps,scaledobjects');
    await stack(`deploy --image ${image} --timeout 1s`);
    expect(await versions('deployments,statefulsets,services,configmaps,scaledobjects')).toEqual(before);
  });

  it('deploy --dry-run prints manifests that the cluster takes, and the commands that bring the image', async () => {
    // Its claims differ between the targets and cannot be changed.
    await kubectl('delete', 'statefulset', 'prometheus', '-n', 'monitoring');
    const { code, stdout, stderr } = await stack('deploy --target k3s --dry-run --archive kubeconfig');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^would run: (sudo )?k3s ctr images import kubeconfig$/m);
    const taken = await server.kubectl(
      ['apply', '--dry-run=server', '--server-side', '--force-conflicts', '-f', '-'],
      stdout,
    );
    expect(taken).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('deploy refuses a NodePort that a Service of somebody else has', async () => {
    const metadata = { name: 'web', namespace: 'default' };
    const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] };
    await apply(server.kubectl, [{ apiVersion: 'v1', kind: 'Service', metadata, spec }]);
    const deploy = `deploy --target k3s --yes --image ${image} --timeout 1s`;
    expect(await stack(deploy)).toMatchObject(fails('ports are taken: 30080 by default/web'));
    await kubectl('delete', 'service', 'web');
    expect(await stack(deploy)).toMatchObject(fails('not everything came up'));
    const { stdout } = await stack('ports --target k3s');
    expect(stdout).toContain('http://127.0.0.1:30082/');
    expect(stdout).toMatch(/^api .*port-forward -n forescale service\/forescale 30082:8080$/m);
  });

  it('status and test tell what is not ready from what is', async () => {
    const before = await stack('status');
    expect(before.code).toBe(1);
    expect(before.stdout).toMatch(/Not ready:\n(.+\n)*deployment forescale\/forescale: 0 of 2\n/);
    for (const workload of await names('deployments,statefulsets', '-n', 'forescale')) {
      await kubectl(
        'patch',
        workload,
        '-n',
        'forescale',
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"replicas":2,"readyReplicas":2}}',
      );
    }
    const after = await stack('status');
    expect(after.stdout).not.toContain('deployment forescale/forescale');
    expect(after.stdout).toContain('scaledobject telemetry-app/app-a');
    const { code, stdout } = await stack('test --json');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { id: string; status: string }[] };
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual(
      ['workloads', 'scaled-objects', 'chain', 'prometheus', 'api', 'grafana'].map((id) => `${id} failed`),
    );
  });

  it('load and seed make Jobs that the server takes, with what was asked for', async () => {
    expect(await stack('load weekday LOAD_PEAK_RPS=99')).toMatchObject({ code: 0 });
    const [job = ''] = await names('jobs', '-n', 'telemetry-app');
    expect(job).toMatch(/^job\.batch\/load-weekday-/);
    const path = 'jsonpath={.spec.template.spec.containers[0].env[?(@.name=="LOAD_PEAK_RPS")].value}';
    expect(await kubectl('get', job, '-n', 'telemetry-app', '-o', path)).toBe('99');
    expect(await stack('seed')).toMatchObject(fails('has not ended'));
    expect(await stack('load stop')).toMatchObject({ code: 0 });
    expect(await names('jobs', '-n', 'telemetry-app')).toEqual([]);
    const { stdout } = await stack('seed --days 3 --dry-run');
    expect(parseManifests(stdout)[0]).toMatchObject({ kind: 'Job' });
    expect(stdout).toContain('--days=3');
  });

  const all =
    'deployments,statefulsets,services,configmaps,cronjobs,networkpolicies,scaledobjects,serviceaccounts,poddisruptionbudgets,roles,rolebindings,clusterroles';

  it('cleanup deletes nothing where it cannot learn what is there, or nobody answers its question', async () => {
    const before = await ours(all, '-A');
    expect(before.length).toBeGreaterThan(40);
    expect(await stack('cleanup')).toMatchObject(fails('Nobody is there to ask'));
    await kubectl('create', 'serviceaccount', 'stranger');
    const stranger = await server.kubeconfigOf({ namespace: 'default', name: 'stranger' });
    expect(await stack('cleanup --yes', stranger)).toMatchObject(fails('forbidden'));
    // An API behind the server that does not answer hides kinds.
    const spec = { group: 'shop.example', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 };
    const service = { namespace: 'default', name: 'nobody' };
    const metadata = { name: 'v1.shop.example' };
    await apply(server.kubectl, [
      { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec: { ...spec, service } },
    ]);
    expect(await stack('cleanup --yes --timeout 5s')).toMatchObject(
      fails('APIs of the cluster do not answer: v1.shop.example'),
    );
    await kubectl('delete', 'apiservice', 'v1.shop.example');
    expect(await ours(all, '-A')).toEqual(before);
  });

  it('cleanup refuses to take KEDA from others, and says with --dry-run what it would do', async () => {
    const spec = { scaleTargetRef: { name: 'shop' }, triggers: [{ type: 'cpu', metadata: { value: '50' } }] };
    const metadata = { name: 'shop', namespace: 'default' };
    await apply(server.kubectl, [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata, spec }]);
    const before = await versions(all);
    for (const flag of ['--keda', '--crds']) {
      expect(await stack(`cleanup --yes ${flag}`)).toMatchObject(fails('others use KEDA: scaledobject/shop'));
    }
    const { code, stderr } = await stack('cleanup --data --dry-run');
    expect(code).toBe(0);
    const commands = stderr.match(/(?<=^would run: \S+ \S+ )delete .*?(?= |,)/gm);
    expect(commands?.[0]).toBe('delete scaledobjects.keda.sh');
    expect(commands?.slice(-3)).toEqual(['delete namespace', 'delete namespace', 'delete namespace']);
    expect(await versions(all)).toEqual(before);
  });

  it('cleanup takes what is ours and leaves what is not', async () => {
    await kubectl('create', 'configmap', 'shop', '-n', 'telemetry-app', '--from-literal=a=b');
    const labels = { 'app.kubernetes.io/part-of': 'forescale', 'app.kubernetes.io/managed-by': 'Helm' };
    const release = { name: 'release', namespace: 'forescale', labels };
    await apply(server.kubectl, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: release }]);
    const { code, stderr } = await stack('cleanup --yes --timeout 30s');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await ours(all, '-A')).toEqual(['configmap/release']);
    expect(await names('configmaps', '-n', 'telemetry-app')).toContain('configmap/shop');
    expect(stderr).toContain('namespace telemetry-app stays, for it holds: configmap/shop\n');
    expect(stderr).toContain(
      'namespace forescale stays, for it holds: configmap/release, secret/forescale-api-token\n',
    );
    expect(await ours('secrets', '-A')).toHaveLength(2);
    expect(await names('scaledobjects', '-A')).toEqual(['scaledobject.keda.sh/shop']);
  });

  it('cleanup takes its own KEDA with --keda and --crds once nobody else uses it', async () => {
    await kubectl('delete', 'scaledobject', 'shop');
    const { stderr } = await stack('cleanup --yes --keda --crds --timeout 5s');
    expect(stderr).toContain('deployment.apps "keda-operator" deleted');
    expect(await names('crd')).not.toContain(
      'customresourcedefinition.apiextensions.k8s.io/scaledobjects.keda.sh',
    );
    // No verb of this file left a temporary file.
    expect(readdirSync(join(work, 'tmp'))).toEqual([]);
  });
});
