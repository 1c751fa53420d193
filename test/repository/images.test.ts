import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { contentHash, projectContent } from '../../tools/images/content-hash.ts';
import { programImages } from '../../tools/images/program-images.ts';
import { podPrograms } from '../../tools/programs/pod-programs.ts';
import { readComposeFile, readProjectFile } from './compose-file.ts';
import { trackedFiles } from './project-files.ts';

/** With its registry, as containerd and Docker do. */
const fullName = (image: string) => {
  const [first = '', ...rest] = image.split('/');
  if (rest.length === 0) return `docker.io/library/${image}`;
  return first.includes('.') ? image : `docker.io/${image}`;
};

function namedImages(): readonly string[] {
  const manifests = trackedFiles('k8s')
    .filter((path) => /^k8s\/(?:base|components)\/.*\.yaml$/.test(path))
    .flatMap((path) => [...readProjectFile(path).matchAll(/^ +image: (\S+:\S+)$/gm)])
    .map(([, image = '']) => image);
  const composed = Object.values(readComposeFile().services).map(({ image }) => image);
  return [...new Set([...manifests, ...composed].map(fullName))].sort();
}

describe('the images that are made without a registry', () => {
  const made = Object.values(programImages);

  it('are all that manifests and compose.yaml name but Grafana, and those that a cluster itself needs', () => {
    const named = namedImages();
    expect(named.length).toBeGreaterThan(6);
    const names = made.map(({ name }) => name).filter((name) => !/\/(?:coredns|pause):/.test(name));
    expect(named).toEqual([
      'docker.io/grafana/grafana:13.2.3',
      ...[...names, `docker.io/library/forescale:${version}`].sort(),
    ]);
  });

  it('have programs of the releases in their names', () => {
    const tag = (name: string) => name.split(':')[1];
    expect(tag(programImages['kube-state-metrics'].name)).toBe(
      podPrograms['kube-state-metrics'].source.module.version,
    );
    expect(tag(programImages.coredns.name)).toBe(podPrograms.coredns.source.module.version);
    // Version 3.14.0 of Prometheus is v0.314.0 of its Go module.
    const { module } = podPrograms['prometheus-3'].source;
    const [, minor, patch] = /^v0\.3(\d\d)\.(\d+)$/.exec(module.version) ?? [];
    expect(tag(programImages.prometheus.name)).toBe(`v3.${minor}.${patch}`);
    expect(module.stamps).toEqual([`github.com/prometheus/common/version.Version=3.${minor}.${patch}`]);
  });

  it('start as a user that is not root', () => {
    expect(made.filter(({ user }) => !/^[1-9]\d*:[1-9]\d*$/.test(user))).toEqual([]);
  });

  it('have names for their content: of the same content the same, of any other another', () => {
    expect(contentHash(['ab', 'c'])).toBe(contentHash(['ab', 'c']));
    const others = [['a', 'bc'], ['abc'], ['ab', 'd'], ['ab', 'c', '']].map(contentHash);
    expect(new Set([contentHash(['ab', 'c']), ...others]).size).toBe(5);
  });

  it('have, where it is ours, the files that the build is sent, how it is built, and Node', () => {
    const names = projectContent().filter((one) => typeof one === 'string');
    const wanted = ['Dockerfile', 'package-lock.json', 'src/cli/main.ts', 'tools/images/base-images.ts'];
    expect(names).toEqual(expect.arrayContaining([...wanted, process.execPath]));
    expect(names.filter((name) => name.startsWith('test/'))).toEqual([]);
  });

  it('start by the command of the manifest, where it has one', () => {
    const release = readProjectFile('k8s/components/keda/release.yaml');
    const started = [...release.matchAll(/command:\n +- (\S+)\n[\s\S]*?\n +image: (\S+)/g)];
    expect(started.length).toBe(3);
    for (const [, command, image] of started)
      expect(made.find(({ name }) => name === image)?.entrypoint[0]).toBe(command);
  });

  it('are named by the command that makes them', () => {
    const failed = (() => {
      try {
        execFileSync(process.execPath, ['tools/images.ts', 'grafana'], { stdio: 'pipe' });
      } catch (error) {
        return error as { status: number; stderr: Buffer };
      }
      return undefined;
    })();
    expect(failed?.status).toBe(2);
    for (const name of ['forescale', ...Object.keys(programImages)])
      expect(`${failed?.stderr}`).toContain(name);
  });
});
