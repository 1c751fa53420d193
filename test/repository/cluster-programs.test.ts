import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterPrograms, etcdVersion, kubernetesVersion } from '../../tools/programs/cluster-programs.ts';
import { projectRoot } from './project-files.ts';

const goMod = readFileSync(join(projectRoot, 'tools/programs/kubernetes/go.mod'), 'utf8');
const makefile = readFileSync(join(projectRoot, 'Makefile'), 'utf8').replace(/\\\n\s+/g, '');

/** Built from a go.mod of its own. */
const ours = 'forescale.example/pause';

describe('the go.mod that Kubernetes is built from', () => {
  it('pins the releases that the programs are said to be of', () => {
    expect(goMod).toContain(`\tk8s.io/kubernetes ${kubernetesVersion} `);
    expect(goMod).toContain(`\tgo.etcd.io/etcd/server/v3 ${etcdVersion} `);
  });

  it('replaces each staging module by the one of the same release', () => {
    const replaced = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => (\S+) (\S+)$/gm)];
    expect(replaced.length).toBeGreaterThan(20);
    const release = kubernetesVersion.replace('v1.', 'v0.');
    expect(replaced.filter(([, from, to, version]) => from !== to || version !== release)).toEqual([]);
  });

  it('knows each program that is built from it as a tool, so that tidying keeps what it needs', () => {
    const pinned = Object.values(clusterPrograms).flatMap(({ source }) =>
      source.kind === 'go' && 'pinnedIn' in source.module && source.module.path !== ours
        ? [source.module]
        : [],
    );
    expect(pinned.length).toBe(7);
    for (const { path, ...module } of pinned)
      expect(goMod).toContain(`\t${path}${'package' in module ? `/${module.package}` : ''}\n`);
  });
});

it('`make cluster-tools` builds every one of them, and `make keda-releases` those of further releases', () => {
  const recipe = (target: string) =>
    new RegExp(`^${target}:.*\\n\\t.*tools/setup\\.ts (.+)$`, 'm').exec(makefile)?.[1]?.split(' ') ?? [];
  const further = recipe('keda-releases');
  expect(further.every((name) => /^keda-(?:operator|adapter)-\d/.test(name))).toBe(true);
  expect([...recipe('cluster-tools'), ...further].sort()).toEqual(Object.keys(clusterPrograms).sort());
});
