import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Cluster, nodePort } from '../../../tools/cluster/start-cluster.ts';
import { doors } from '../../../tools/stack/tables.ts';
import { installedPath } from '../../real/real-programs.ts';
import { apply, mustSucceed } from '../../real/server-dry-run.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { createForescaleApi } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { names, namespace, scaledObject } from '../play/scaled-objects.ts';
import type { Findings } from './findings.ts';

const run = promisify(execFile);

/** Names of the pods of Forescale that are ready. */
export async function scalerPods({ access }: Play): Promise<readonly string[]> {
  const selector =
    'labelSelector=app.kubernetes.io%2Fname%3Dforescale,app.kubernetes.io%2Fcomponent%3Dscaler';
  const { items } = await access.get<{
    items: readonly {
      metadata: { name: string; deletionTimestamp?: string };
      status: { conditions?: readonly { type: string; status: string }[] };
    }[];
  }>(`/api/v1/namespaces/forescale/pods?${selector}`);
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'))
    .map(({ metadata }) => metadata.name);
}

export function agreeTest(play: () => Play, { found }: Findings): void {
  it('decides the same in both replicas', async () => {
    const { access } = play();
    const api = createForescaleApi(access);
    const pods = await scalerPods(play());
    expect(pods).toHaveLength(2);
    const differences: { readonly ratio: number; readonly decisions: readonly unknown[] }[] = [];
    for (let look = 0; look < 30; look++) {
      const asked = pods.map(async (pod) => (await api.workload(names.ours, `pods/${pod}:8080`)).decision);
      const [one, other] = await Promise.all(asked);
      // Each decides once a second; one may have been asked just before its next decision, and the other after it.
      if (one && other && Math.abs(one.at - other.at) < 0.5)
        differences.push({ ratio: Math.abs(one.signal / other.signal - 1), decisions: [one, other] });
      await sleep(300);
    }
    const worst = differences.reduce((most, next) => (next.ratio > most.ratio ? next : most), {
      ratio: 0,
      decisions: [],
    });
    const most = worst.ratio;
    found(
      'agree',
      `of 30 times the replicas were asked, both had decided within the same half second ${differences.length} times; their signals differ by at most ${(most * 100).toFixed(3)} %`,
      { decisions: differences.length, most },
    );
    expect(differences.length).toBeGreaterThan(5);
    expect(most, JSON.stringify(worst.decisions)).toBeLessThanOrEqual(0.01);
  });
}

export function doorTests(play: () => Play, cluster: () => Cluster, { found }: Findings): void {
  it('answers `kubectl forescale status` through a real port-forward', async () => {
    const kubectl = await installedPath('kubectl');
    const env = {
      ...process.env,
      PATH: `${dirname(kubectl)}:${process.env['PATH']}`,
      KUBECONFIG: cluster().kubeconfig,
    };
    const plugin = join(projectRoot, 'src/cli/kubectl/main.ts');
    const { stdout } = await run(process.execPath, [plugin, 'status'], { env });
    const line = stdout.split('\n').find((text) => text.includes(`${namespace}/${names.ours} `)) ?? '';
    found('kubectl forescale status', line.trim(), { lines: stdout.trim().split('\n').length });
    expect(stdout).toContain(`${namespace}/${names.ours}`);
    const explained = await run(process.execPath, [plugin, 'explain', `${namespace}/${names.ours}`], { env });
    expect(explained.stdout).toContain('KEDA is told ');
  });

  it('serves its page through a Service with a port of the node, with the workload on it', async () => {
    const { port, close } = await cluster().forward(nodePort(doors.api.nodePort));
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    const page = await answer.text();
    const list = await fetch(`http://127.0.0.1:${port}/api/v1/workloads`);
    const { workloads } = (await list.json()) as { workloads: readonly { name: string }[] };
    await close();
    found(
      'page',
      `${answer.status} on NodePort ${doors.api.nodePort}, ${page.length} characters; workloads ${workloads.map(({ name }) => name).join(', ')}`,
      {
        characters: page.length,
      },
    );
    expect(answer.status).toBe(200);
    expect(page).toContain('<title>');
    expect(workloads.map(({ name }) => name)).toContain(names.ours);
  });

  it('has its webhooks refuse a second ScaledObject for one Deployment', async () => {
    const second = scaledObject('second', { type: 'cpu', metadata: { value: '50' } });
    const spec = { ...second.spec, scaleTargetRef: { name: names.ours } };
    const refused = await apply(play().kubectl, [{ ...second, spec }]).then(
      () => 'nothing: it was taken',
      (error: Error) => error.message,
    );
    const said = /denied the request: (.*)/.exec(refused)?.[1] ?? refused;
    found('webhooks', said, {});
    expect(said).toContain("is already managed by the ScaledObject 'app-a'");
    const { exitCode } = await play().kubectl(['get', 'scaledobject', 'second', '-n', namespace]);
    expect(exitCode).not.toBe(0);
  });
}

export function guardTests(play: () => Play, { found }: Findings): void {
  it('keeps pods out that may be root, refuses the second eviction, and what exceeds a quota', async () => {
    const { kubectl, access } = play();
    const anyUser = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'any-user', namespace: 'forescale' },
      spec: { containers: [{ name: 'a', image: 'forescale:0.1.0' }] },
    };
    const pss = await kubectl(['create', '-f', '-'], JSON.stringify(anyUser));
    expect(pss.stderr).toContain('violates PodSecurity "restricted');

    const [one = '', other = ''] = await scalerPods(play());
    const evict = (pod: string) =>
      access.post(`/api/v1/namespaces/forescale/pods/${pod}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod, namespace: 'forescale' },
      });
    const first = await evict(one);
    const second = await evict(other);
    expect([first.status, second.status]).toEqual([201, 429]);

    const tooLarge = JSON.parse(
      await mustSucceed(kubectl, ['get', 'resourcequota', 'quota', '-n', namespace, '-o', 'json']),
    ) as { status: { used: Record<string, string>; hard: Record<string, string> } };
    const greedy = {
      ...anyUser,
      metadata: { name: 'greedy', namespace },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'a',
            image: 'forescale:0.1.0',
            resources: { requests: { cpu: '8', memory: '1Gi' }, limits: { memory: '1Gi' } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    };
    const quota = await kubectl(['create', '-f', '-'], JSON.stringify(greedy));
    expect(quota.stderr).toContain('exceeded quota');
    const { used, hard } = tooLarge.status;
    found(
      'guards',
      `a pod that may be root is refused by Pod Security; evictions answered ${first.status} and ${second.status} (the PodDisruptionBudget lets one go); quota of ${namespace}: ${used['pods']} of ${hard['pods']} pods used, a pod that asks for 8 CPUs refused`,
      { evictions: [first.status, second.status], podsUsed: Number(used['pods']) },
    );
  });
}
