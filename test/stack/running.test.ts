import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import type { KubernetesObject } from './selectors.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let server: Server | undefined;
afterEach(async () => {
  server?.close();
  server = undefined;
  expect(stack.cluster.notUnderstood).toEqual([]);
  expect(stack.leftBehind()).toEqual([]);
  expect(stack.staying()).toBe(0);
  await stack.close();
});

/** What the services answer when all is well. */
const answers: Record<string, string> = {
  '/process': '["app-a","app-b","app-c"]',
  '/api/v1/targets?state=active': '{"data":{"activeTargets":[{"health":"up"},{"health":"up"}]}}',
  '/readyz': '{"status":"ready"}',
  '/api/v1/workloads': '{"workloads":[]}',
  '/api/health': '{\n  "database": "ok"\n}',
};

/** A cluster in which everything is deployed and ready, and its services behind port-forwards. */
async function deployed(changed: Record<string, string | undefined> = {}): Promise<void> {
  const objects = [...recorded('cluster.yaml'), ...recorded('keda.yaml'), ...recorded('overlay.yaml')].map(
    (object): KubernetesObject => {
      const replicas = (object['spec'] as { replicas?: number } | undefined)?.replicas;
      if (object.kind === 'ScaledObject') {
        const conditions = ['Ready', 'Active', 'Fallback'].map((type) => ({
          type,
          status: type === 'Fallback' ? 'False' : 'True',
        }));
        return { ...object, status: { conditions } };
      }
      return replicas === undefined ? object : { ...object, status: { readyReplicas: replicas } };
    },
  );
  stack = await startStack(['kubectl', 'docker'], clusterDouble(objects));
  server = createServer((request, response) => {
    const body = { ...answers, ...changed }[request.url ?? ''];
    response.statusCode = body === undefined ? 503 : 200;
    response.end(body ?? 'down');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const name of [
    'telemetry-app/app-a',
    'monitoring/prometheus',
    'monitoring/grafana',
    'forescale/forescale',
  ]) {
    stack.cluster.forwards.set(name, port);
  }
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly status: string;
    readonly found: string;
    readonly remedy: string;
  }[];
}
async function report(): Promise<{
  code: number | null;
  ok: boolean;
  failed: string[];
  checks: Report['checks'];
}> {
  const { code, stdout } = await stack.run('test', '--target', 'kind', '--json');
  const { ok, checks } = JSON.parse(stdout) as Report;
  return { code, ok, checks, failed: checks.filter(({ status }) => status === 'failed').map(({ id }) => id) };
}

describe('./stack test', () => {
  it('asks gRPC, the chain, Prometheus, the API, Grafana and the ScaledObjects, and leaves nothing running', async () => {
    await deployed();
    const { code, ok, checks } = await report();
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map(({ id, found }) => `${id}: ${found}`)).toEqual([
      'workloads: 3 ready',
      'scaled-objects: 1 ready',
      'grpc: health: SERVING',
      'chain: app-a -> app-b -> app-c',
      'prometheus: 2 targets up',
      'api: ready, and lists its workloads',
      'grafana: healthy',
    ]);
    expect(stack.changes()).toEqual([]);
    expect(stack.typed().filter((line) => line.includes('port-forward'))).toHaveLength(4);
  });

  const down = '{"data":{"activeTargets":[{"health":"up"},{"health":"down"}]}}';
  it.each<readonly [string, Record<string, string | undefined>, string]>([
    ['chain', { '/process': undefined }, '503'],
    ['chain', { '/process': '["app-a"]' }, '["app-a"]'],
    ['prometheus', { '/api/v1/targets?state=active': down }, '1 targets up, 1 not'],
    ['prometheus', { '/api/v1/targets?state=active': '{}' }, 'no target is up'],
    ['api', { '/readyz': undefined }, 'not ready'],
    ['grafana', { '/api/health': '{"database":"failing"}' }, 'failing'],
  ])('fails %s when it answers %j', async (id, changed, found) => {
    await deployed(changed);
    const { code, failed, checks } = await report();
    expect({ code, failed }).toEqual({ code: 1, failed: [id] });
    const [check] = checks.filter((one) => one.id === id);
    expect(check?.found).toContain(found);
    expect(check?.remedy).not.toBe('');
  });

  it('fails where the scaler does not serve, where replicas are missing, and where KEDA is not content', async () => {
    await deployed();
    stack.cluster.overrides.set('exec', { code: 1, stdout: 'not serving: 14 UNAVAILABLE\n' });
    expect((await report()).failed).toEqual(['grpc']);
    stack.cluster.overrides.clear();
    for (const one of stack.cluster.objects) {
      if (one.kind === 'StatefulSet') Object.assign(one, { status: {} });
      if (one.kind === 'ScaledObject')
        Object.assign(one, { status: { conditions: [{ type: 'Ready', status: 'False' }] } });
    }
    expect((await report()).failed).toEqual(['workloads', 'scaled-objects']);
    const { code, stdout } = await stack.run('status', '--target', 'kind');
    expect(code).toBe(1);
    expect(stdout).toContain(
      'Not ready:\nstatefulset monitoring/prometheus: 0 of 1\nscaledobject telemetry-app/app-a\n',
    );
  });

  it('fails a ScaledObject that lives on its fallback, though KEDA calls it ready', async () => {
    await deployed();
    const scaled = stack.cluster.objects.find(({ kind }) => kind === 'ScaledObject');
    Object.assign(scaled ?? {}, {
      status: {
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'Fallback', status: 'True' },
        ],
      },
    });
    const { failed, checks } = await report();
    expect(failed).toEqual(['scaled-objects']);
    expect(checks[1]?.found).toBe('on their fallback: telemetry-app/app-a');
  });

  it('of an empty cluster fails, rather than find nothing wrong', async () => {
    stack = await startStack(['kubectl']);
    stack.cluster.overrides.set('exec', { code: 1, stderr: 'deployments.apps "forescale" not found\n' });
    const { code, failed } = await report();
    expect(code).toBe(1);
    expect(failed).toEqual(['workloads', 'scaled-objects', 'grpc', 'chain', 'prometheus', 'api', 'grafana']);
  });
});

describe('./stack status', () => {
  it('of a deployed stack shows it and ends with 0; of none with 1 and the remedy', async () => {
    await deployed();
    const { code, stdout } = await stack.run('status', '--target', 'kind');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^target kind, context kind-forescale, KEDA 2\.20\.2\n/);
    expect(stdout).toContain('deployment.apps/forescale');
    expect(stdout).toMatch(/\nEverything is ready\.\n$/);
    stack.cluster.objects.splice(0);
    expect(await stack.run('status', '--target', 'kind')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('./stack install --target kind'),
    });
  });
});

describe('./stack ports', () => {
  it('shows the address of a NodePort that is there, and how to forward every port', async () => {
    await deployed();
    const { stdout } = await stack.run('ports', '--target', 'k3s');
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows[3]).toEqual([
      'api',
      'http://192.168.1.20:30082/',
      'kubectl --context=default -n forescale port-forward service/forescale 30082:8080',
    ]);
    expect(rows[5]?.slice(0, 2)).toEqual(['grafana', '-']);
    expect((await stack.run('ports', '--target', 'kind')).stdout).toContain(' http://127.0.0.1:30082/ ');
  });

  it('of compose are those of compose.yaml', async () => {
    await deployed();
    const { stdout } = await stack.run('ports', '--target', 'compose');
    expect(stdout).toMatch(/^api +http:\/\/127\.0\.0\.1:8080\/$/m);
    expect(stdout).toMatch(/^grpc +127\.0\.0\.1:6000$/m);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '--forward leaves no port-forward behind when %s ends it',
    async (signal) => {
      await deployed();
      const { code, stderr } = await stack.interrupt(
        ['ports', '--target', 'dev', '--forward'],
        signal,
        () => stack.staying() === 5,
      );
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(stderr).toContain('grafana  http://127.0.0.1:30300/');
      await expect.poll(() => stack.staying(), { timeout: 15_000 }).toBe(0);
    },
  );

  it('--forward ends, with what kubectl said, when one of them breaks', async () => {
    await deployed();
    stack.cluster.overrides.set('port-forward service/grafana', {
      code: 1,
      stderr: 'error: lost connection to pod\n',
    });
    const { code, stderr } = await stack.run('ports', '--target', 'dev', '--forward');
    expect(code).toBe(1);
    expect(stderr).toContain('lost connection to pod');
    await expect.poll(() => stack.staying(), { timeout: 15_000 }).toBe(0);
  });
});

describe('./stack logs', () => {
  it.each([
    [[], '-n forescale -l app.kubernetes.io/name=forescale'],
    [['prometheus'], '-n monitoring -l app.kubernetes.io/name=prometheus'],
    [['load', '--follow'], '-n telemetry-app -l app.kubernetes.io/component=load'],
    [['keda'], '-n keda -l app=keda-operator'],
  ])('%j asks for %s', async (args, expected) => {
    await deployed();
    const { code, stdout } = await stack.run('logs', '--target', 'kind', ...args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[pod/x] a line\n' });
    const [line] = stack.typed().filter((one) => one.startsWith('kubectl logs'));
    expect(line).toContain(expected);
    expect(line?.endsWith('--follow')).toBe(args.includes('--follow'));
  });
});

describe('./stack seed', () => {
  const job = () => stack.cluster.objects.find(({ kind }) => kind === 'Job');

  it('runs the CronJob of the manifests once, with what is asked for, and waits for its end', async () => {
    await deployed();
    stack.cluster.overrides.set('get job ', { stdout: '1/' });
    const { code, stdout } = await stack.run('seed', '--target', 'kind', '--days', '7', '--peak', '55');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[pod/x] a line\n' });
    expect(JSON.stringify(job())).toContain('["src/cli/main.ts","seed","--days=7","--peak=55"]');
    expect(job()?.metadata.name).toMatch(/^seed-\d{8}-\d{6}$/);
    expect(job()?.metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'forescale' });
  });

  it('fails with the log of a run that fails', async () => {
    await deployed();
    stack.cluster.overrides.set('get job ', { stdout: '/1' });
    const { code, stderr } = await stack.run('seed', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toContain('[pod/x] a line\nstack: the history was not written');
  });

  it('refuses a second run while one is under way, and says where the manifests have none', async () => {
    await deployed();
    await stack.run('load', '--target', 'kind');
    const { code, stderr } = await stack.run('seed', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /job\/load-week-\d+-\d+ has not ended\n.*\.\/stack load stop --target kind ends it/,
    );
    stack.cluster.objects.splice(
      0,
      stack.cluster.objects.length,
      ...stack.cluster.objects.filter(({ kind }) => kind !== 'CronJob' && kind !== 'Job'),
    );
    expect((await stack.run('seed', '--target', 'kind')).stderr).toContain(
      'its overlay needs k8s/components/load',
    );
  });

  it('of compose runs its service', async () => {
    await deployed();
    expect(await stack.run('seed', '--target', 'compose', '--days', '3')).toMatchObject({ code: 0 });
    expect(stack.changes()[0]).toMatch(
      /^docker compose .* --profile seed run --rm seed src\/cli\/main\.ts seed .* --days=3 --peak=40$/,
    );
  });
});

describe('./stack load', () => {
  it('runs the CronJob of a script with variables of its own, and ends it', async () => {
    await deployed();
    const { code, stderr } = await stack.run('load', 'week', 'LOAD_PEAK_RPS=120', '--target', 'kind');
    expect(code).toBe(0);
    expect(stderr).toContain('./stack load stop ends it');
    const [set] = stack.typed().filter((line) => line.startsWith('kubectl set env'));
    expect(set).toMatch(/^kubectl set env --local -f .* -o yaml LOAD_PEAK_RPS=120$/);
    const job = stack.cluster.objects.find(({ kind }) => kind === 'Job');
    expect(JSON.stringify(job)).toContain('{"name":"LOAD_PEAK_RPS","value":"120"}');
    expect(await stack.run('load', 'stop', '--target', 'kind')).toMatchObject({ code: 0 });
    expect(stack.cluster.objects.filter(({ kind }) => kind === 'Job')).toEqual([]);
    expect(await stack.run('load', 'stop', '--target', 'kind')).toMatchObject({
      code: 0,
      stderr: 'no load runs\n',
    });
  });

  it('prints the Job with --dry-run and creates none', async () => {
    await deployed();
    const { stdout } = await stack.run('load', '--target', 'kind', '--dry-run');
    expect(stdout).toContain('kind: Job');
    expect(stack.changes()).toEqual([]);
  });
});
