import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { version } from '../../src/platform/process/version.ts';
import { options, verbs } from '../../tools/stack/command-line.ts';
import * as tables from '../../tools/stack/tables.ts';
import { readComposeFile, readProjectFile } from './compose-file.ts';
import { documents, fences, readDocument, section, tableRows } from './markdown.ts';
import { trackedFiles } from './project-files.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The resources of k8s, without charts, examples and what only kustomize reads. */
const manifests: readonly Manifest[] = trackedFiles('k8s')
  .filter(
    (path) =>
      /^k8s\/(base|components|showcase|overlays)\/.*\.yaml$/.test(path) &&
      !path.endsWith('kustomization.yaml'),
  )
  .flatMap((path) => parseAllDocuments(readProjectFile(path)).map((one) => one.toJS() as Manifest | null))
  .flatMap((one) => (one?.kind === undefined || one.metadata === undefined ? [] : [one]));
const find = (kind: string, namespace: string, name: string) =>
  manifests.find(
    (one) => one.kind === kind && one.metadata.namespace === namespace && one.metadata.name === name,
  );
const text = (one: unknown) => JSON.stringify(one);

describe('./stack', () => {
  const { components, loadScripts, secrets, targets } = tables;
  const doors = Object.entries(tables.doors);

  it('has the versions of the project and its manifests', () => {
    expect(text(find('Deployment', 'forescale', 'forescale'))).toContain(`"image":"forescale:${version}"`);
    const images = text(find('Deployment', 'keda', 'keda-operator')).match(/ghcr\.io\/kedacore\/keda:[^"]+/g);
    expect(images).toEqual([`ghcr.io/kedacore/keda:${tables.kedaVersion}`]);
    const chart = readProjectFile('k8s/charts/forescale/Chart.yaml');
    expect(chart).toContain(`kubeVersion: ">=${tables.kubernetesOldest}-0"\n`);
  });

  it('knows the ports of Services and NodePorts, and shares none with compose', () => {
    const known = doors.map(([, { port, nodePort }]) => `${port}:${nodePort}`);
    expect(known.length).toBe(5);
    const nodePorts = manifests
      .filter(({ kind, spec }) => kind === 'Service' && spec?.['type'] === 'NodePort')
      .flatMap(({ spec }) => (spec?.['ports'] as { port: number; nodePort: number }[]) ?? []);
    expect(nodePorts.map(({ port, nodePort }) => `${port}:${nodePort}`).sort()).toEqual(known.sort());
    for (const [, { namespace, service, port }] of doors) {
      expect(text(find('Service', namespace, service)?.spec?.['ports'])).toContain(`"port":${port},`);
    }
    const hostPorts = readProjectFile('k8s/overlays/kind/cluster.yaml').match(/(?<=hostPort: )\d+/g);
    expect(hostPorts).toEqual(doors.map(([, { nodePort }]) => String(nodePort)));
    const published = Object.values(readComposeFile().services).flatMap(({ ports }) => ports ?? []);
    expect(published.length).toBeGreaterThan(4);
    expect(published.filter((one) => hostPorts?.includes(one.split(':').at(-2) ?? ''))).toEqual([]);
  });

  it('shows logs by labels that pods of the manifests carry', () => {
    expect(Object.keys(components).length).toBeGreaterThan(6);
    for (const [component, { namespace, label }] of Object.entries(components)) {
      const pods = manifests.filter(
        ({ kind, metadata, spec }) =>
          ['Deployment', 'StatefulSet', 'CronJob'].includes(kind) &&
          metadata.namespace === namespace &&
          text(spec).includes(`"${label.replace('=', '":"')}"`),
      );
      expect(pods.length, `${component}: ${label}`).toBeGreaterThan(0);
    }
  });

  it('makes the secrets that the manifests mount', () => {
    const mounted = trackedFiles('k8s/components')
      .flatMap((path) => [...readProjectFile(path).matchAll(/secretName: (grafana-\S+|forescale-\S+)/g)])
      .map(([, name = '']) => name);
    expect(secrets.length).toBe(2);
    expect(mounted).toEqual(expect.arrayContaining(secrets.map(({ name }) => name)));
  });

  it('runs CronJobs that the manifests have, suspended, with the flags it changes', () => {
    const cronJobs = manifests.filter(({ kind }) => kind === 'CronJob');
    expect(cronJobs.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['seed', ...loadScripts.map((script) => `load-${script}`)].sort(),
    );
    for (const one of cronJobs) expect(one.spec?.['suspend']).toBe(true);
    expect(text(find('CronJob', 'telemetry-app', 'seed'))).toMatch(/"--days=28","--peak=80"/);
  });

  it('has an overlay for every target', () => {
    const overlays = trackedFiles('k8s/overlays').map((path) => path.split('/')[2]);
    expect([...new Set(overlays)].sort()).toEqual([...targets].sort());
  });
});

describe('the document of ./stack', () => {
  const document = readDocument('docs/kubernetes.md');

  it('says of every verb what the command itself says', () => {
    const rows = tableRows(document.text).filter(([cell = '']) => cell.replaceAll('`', '') in verbs);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(Object.entries(verbs).map(([verb, [what]]) => [`\`${verb}\``, what]));
  });

  it('has the ports of the command', () => {
    expect(tableRows(section(document, 'Ports'))).toEqual(
      Object.entries(tables.doors).map(([name, { namespace, service, port, nodePort }]) => [
        ...[`\`${name}\``, `\`${namespace}/${service}\``, String(port), String(nodePort)],
      ]),
    );
  });

  it('lists the generated secrets with their keys', () => {
    expect(tableRows(section(document, 'Secrets')).map((cells) => cells.slice(0, 2))).toEqual(
      tables.secrets.map(({ namespace, name, keys }) => [
        `\`${namespace}/${name}\``,
        Object.keys(keys)
          .map((key) => `\`${key}\``)
          .join(', '),
      ]),
    );
  });

  it('installs on every target in under ten lines', () => {
    for (const heading of ['K3s', 'MicroK8s', 'minikube', 'kind', 'A managed cluster']) {
      const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section(document, heading)) ?? [];
      expect(block, heading).toMatch(/^\.\/stack deploy --target /m);
      expect(block.trim().split('\n').length, heading).toBeLessThan(10);
    }
  });

  it('and every other, and the help itself, show verbs, options and targets that there are', () => {
    const code = [
      ...fences.filter(({ language }) => language === 'sh').map((fence) => fence.text),
      ...documents.flatMap((one) => [...one.text.matchAll(/`([^`\n]+)`/g)].map(([, inline = '']) => inline)),
      ...Object.values(verbs).flatMap(([, examples]) => examples.map((line) => `./stack ${line}`)),
    ];
    const shown = code
      .flatMap((one) => one.split('\n'))
      .flatMap((line) => [...line.matchAll(/\.\/stack ([a-z]+)([^|#;&]*)/g)]);
    expect(shown.length).toBeGreaterThan(40);
    const faults = shown.flatMap(([line, verb = '', rest = '']) => {
      const takes = (flag: string) =>
        flag === '--help' ||
        options.some(
          ([flags, of]) => flags.split(' ')[0] === flag && (of as readonly string[]).includes(verb),
        );
      const flags = rest.match(/(?<![\w-])--[a-z-]+/g) ?? [];
      const target = /--target (\S+)/.exec(rest)?.[1];
      const isTarget = target === undefined || (tables.targets as readonly string[]).includes(target);
      return verb === 'help' || (verb in verbs && flags.every(takes) && isTarget) ? [] : [line];
    });
    expect(faults).toEqual([]);
  });
});
