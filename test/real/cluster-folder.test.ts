import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl } from '../../tools/certificates.ts';
import { clusterFolder } from '../../tools/cluster/node/folder.ts';
import {
  type BuiltPrograms,
  builtPrograms,
  type NodeProgram,
} from '../../tools/cluster/node/node-programs.ts';
import { prepareFolder } from '../../tools/cluster/node/prepare-folder.ts';

describe.skipIf(!hasOpenssl)('the folder of a cluster (needs openssl)', () => {
  const folder = clusterFolder(mkdtempSync(join(tmpdir(), 'forescale-cluster-')));
  const text = (name: string) => readFileSync(folder.inside(name), 'utf8');
  let kubeconfig: string;

  beforeAll(async () => {
    const paths = Object.fromEntries(builtPrograms.map((name) => [name, `/programs/${name}`]));
    kubeconfig = await prepareFolder(folder, paths as BuiltPrograms, {
      context: 'here',
      outsideUrl: 'https://127.0.0.1:12345',
      syncPeriod: '5s',
      pauseImage: 'localhost/pause:1',
      packages: '/packages',
    });
  });
  afterAll(() => rmSync(folder.path, { recursive: true }));

  it('has keys, tokens and kubeconfigs that only their owner reads', () => {
    const secret = readdirSync(folder.path).filter((name) => /\.key$|kubeconfig$|tokens/.test(name));
    expect(secret.length).toBeGreaterThan(9);
    const readable = secret.filter((name) => (statSync(folder.inside(name)).mode & 0o077) !== 0);
    expect(readable).toEqual([]);
    expect(statSync(folder.path).mode & 0o077).toBe(0);
  });

  it('lets an administrator in by a port of this machine, and the programs by the address of the node', () => {
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
      clusters: { cluster: { server: string } }[];
      users: { user: { token: string } }[];
    };
    expect(clusters.map(({ cluster }) => cluster.server)).toEqual(['https://127.0.0.1:12345']);
    const lines = text('tokens.csv').split('\n');
    const admin = lines.filter((line) => line.includes('"system:masters"'));
    expect(admin).toEqual([expect.stringContaining(`${users[0]?.user.token},admin,`)]);
    for (const name of ['scheduler', 'kubelet', 'proxy', 'controller-manager'])
      expect(text(`${name}.kubeconfig`)).toContain('https://10.243.0.1:6443');
  });

  it('has a kubelet that answers nobody without a name, and asks the API server who may what', () => {
    const settings = JSON.parse(text('kubelet.yaml')) as Record<string, unknown>;
    expect(settings).toMatchObject({
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
      cgroupRoot: `/${folder.cgroup}`,
    });
    expect(settings).not.toHaveProperty('readOnlyPort');
  });

  it('has command lines that listen to this node alone and judge nodes by their own rights', () => {
    const programs = JSON.parse(readFileSync(folder.programs, 'utf8')) as readonly NodeProgram[];
    const args = (name: string) => programs.find((one) => one.name === name)?.args ?? [];
    expect(programs.map(({ name }) => name)).toEqual([
      ...['etcd', 'containerd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
      ...['kubelet', 'kube-proxy'],
    ]);
    expect(args('kube-apiserver')).toEqual(
      expect.arrayContaining([
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        `--kubelet-certificate-authority=${folder.inside('authority.crt')}`,
      ]),
    );
    expect(args('etcd')).toContain('--listen-client-urls=http://127.0.0.1:2379');
    for (const name of ['kube-controller-manager', 'kube-scheduler'])
      expect(args(name)).toContain('--bind-address=127.0.0.1');
    expect(args('kube-controller-manager')).toContain('--horizontal-pod-autoscaler-sync-period=5s');
  });
});
