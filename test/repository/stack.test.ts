import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { settings as loadSettings } from '../../loadtests/lib/settings.ts';
import { version } from '../../src/platform/process/version.ts';
import { oldestMinor } from '../../tools/manifests/manifest-schemas.ts';
import { readComposeFile, readProjectFile } from './compose-file.ts';
import { documents, fences, readDocument, section, tableRows } from './markdown.ts';
import { trackedFiles } from './project-files.ts';
import {
  components,
  doors,
  loadScripts,
  pinnedVersion,
  secrets,
  stackOptions,
  stackTargets,
  stackVerbs,
} from './stack-command.ts';

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
const compose = readComposeFile();

describe('./stack', () => {
  it('pins the versions that the project and its manifests have', () => {
    expect(pinnedVersion('FORESCALE_VERSION')).toBe(version);
    expect(text(find('Deployment', 'forescale', 'forescale'))).toContain(`"image":"forescale:${version}"`);
    const images = text(find('Deployment', 'keda', 'keda-operator')).match(/ghcr\.io\/kedacore\/keda:[^"]+/g);
    expect(images).toEqual([`ghcr.io/kedacore/keda:${pinnedVersion('KEDA_VERSION')}`]);
    expect(readProjectFile('k8s/charts/forescale/Chart.yaml')).toContain(
      `kubeVersion: ">=${pinnedVersion('KUBERNETES_OLDEST')}-0"\n`,
    );
    expect(`1.${oldestMinor}.0`).toBe(pinnedVersion('KUBERNETES_OLDEST'));
  });

  it('knows the ports that Services, NodePorts and compose have', () => {
    expect(doors.length).toBe(5);
    const nodePorts = manifests
      .filter(({ kind, spec }) => kind === 'Service' && spec?.['type'] === 'NodePort')
      .flatMap(({ spec }) => (spec?.['ports'] as { port: number; nodePort: number }[]) ?? []);
    expect(nodePorts.map(({ port, nodePort }) => `${port}:${nodePort}`).sort()).toEqual(
      doors.map(({ port, nodePort }) => `${port}:${nodePort}`).sort(),
    );
    for (const { namespace, service, port } of doors) {
      const ports = (find('Service', namespace, service)?.spec?.['ports'] ?? []) as { port: number }[];
      expect(
        ports.map((one) => one.port),
        `${namespace}/${service}`,
      ).toContain(port);
    }
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    const known = [...new Set(doors.map(({ composePort }) => composePort)), 6000];
    expect(published.map((one) => Number(one.split(':').at(-2))).sort()).toEqual(known.sort());
    expect(readProjectFile('k8s/overlays/kind/cluster.yaml').match(/hostPort: \d+/g)).toEqual(
      doors.map(({ nodePort }) => `hostPort: ${nodePort}`),
    );
  });

  it('shows logs by labels that pods of the manifests carry', () => {
    expect(components.length).toBeGreaterThan(6);
    for (const [component, namespace, label = ''] of components) {
      const [key, value] = label.split('=');
      const carrying = manifests.filter(
        (one) =>
          one.metadata.namespace === namespace &&
          one.spec !== undefined &&
          text(one.spec).includes(`"${key}":"${value}"`),
      );
      const pods = carrying.filter(({ kind }) => ['Deployment', 'StatefulSet', 'CronJob'].includes(kind));
      expect(pods.length, `${component}: ${label}`).toBeGreaterThan(0);
    }
  });

  it('makes the secrets that the manifests mount, with the keys it prints', () => {
    expect(secrets.length).toBe(3);
    const mounted = trackedFiles('k8s/components')
      .flatMap((path) => [...readProjectFile(path).matchAll(/secretName: (grafana-\S+|forescale-\S+)/g)])
      .map(([, name]) => name)
      .filter((name) => !/tls/.test(name ?? ''));
    // Others are made by cert-manager.
    expect(mounted).toEqual(expect.arrayContaining(secrets.map(([, name]) => name)));
    const install = readProjectFile('k8s/stack/verbs/install.sh');
    for (const [namespace, name, key] of secrets) {
      expect(install).toMatch(new RegExp(`ensure_secret "\\$rendered" ${namespace} ${name} .*\\b${key}\\b`));
    }
  });

  it('runs CronJobs that the manifests have, suspended, with the flags it changes', () => {
    const cronJobs = manifests.filter(({ kind }) => kind === 'CronJob');
    expect(cronJobs.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['seed', ...loadScripts.map(([script]) => `load-${script}`)].sort(),
    );
    for (const one of cronJobs) expect(one.spec?.['suspend']).toBe(true);
    expect(text(find('CronJob', 'telemetry-app', 'seed'))).toMatch(/"--days=\d+","--peak=\d+"/);
    const variables = loadScripts.flatMap(([, preset = '']) => preset.match(/LOAD_\w+/g) ?? []);
    const known = Object.values(loadSettings).map(({ name }) => name as string);
    expect(variables.length).toBeGreaterThan(3);
    expect(variables.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('seeds compose with what the service of compose.yaml does', () => {
    const seed = readProjectFile('k8s/stack/verbs/seed.sh');
    const given = compose.services['seed']?.command ?? [];
    expect(given.length).toBeGreaterThan(5);
    const inScript = given.map((one) =>
      one.replace(
        /^(--(?:days|peak)=)(\d+)$/,
        (_all, flag: string, value: string) => `${flag}\${given[${flag.slice(2, -1)}]:-${value}}`,
      ),
    );
    expect(inScript.filter((one) => !seed.includes(one))).toEqual([]);
  });

  it('has an overlay for every target but compose', () => {
    const overlays = trackedFiles('k8s/overlays').map((path) => path.split('/')[2]);
    expect([...new Set(overlays), 'compose'].sort()).toEqual([...stackTargets].sort());
  });
});

describe('the document of ./stack', () => {
  const document = readDocument('docs/kubernetes.md');

  it('says of every verb what the command itself says', () => {
    const rows = tableRows(document.text).filter(([cell = '']) => stackVerbs.has(cell.replaceAll('`', '')));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual([...stackVerbs].map(([verb, what]) => [`\`${verb}\``, what]));
  });

  it('has the ports of the command', () => {
    expect(tableRows(section(document, 'Ports'))).toEqual(
      doors.map(({ name, namespace, service, port, nodePort, composePort }) => [
        `\`${name}\``,
        `\`${namespace}/${service}\``,
        ...[port, nodePort, composePort].map(String),
      ]),
    );
  });

  it('lists the generated secrets with their keys', () => {
    const keys = new Map<string, string[]>();
    for (const [namespace, name, key = ''] of secrets) {
      keys.set(`${namespace}/${name}`, [...(keys.get(`${namespace}/${name}`) ?? []), `\`${key}\``]);
    }
    expect(tableRows(section(document, 'Secrets')).map((cells) => cells.slice(0, 2))).toEqual(
      [...keys].map(([name, all]) => [`\`${name}\``, all.join(', ')]),
    );
  });

  it('installs on every target in under ten lines', () => {
    for (const heading of ['K3s', 'MicroK8s', 'minikube', 'kind', 'A managed cluster']) {
      const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section(document, heading)) ?? [];
      expect(block, heading).toMatch(/^\.\/stack deploy --target /m);
      expect(block.trim().split('\n').length, heading).toBeLessThan(10);
    }
  });

  it('and every other shows verbs, options and targets that there are', () => {
    const code = [
      ...fences.filter(({ language }) => language === 'sh').map((fence) => fence.text),
      ...documents.flatMap((one) => [...one.text.matchAll(/`([^`\n]+)`/g)].map(([, inline = '']) => inline)),
    ];
    const shown = code
      .flatMap((one) => one.split('\n'))
      .flatMap((line) => [...line.matchAll(/\.\/stack ([a-z]+)([^|#;&]*)/g)]);
    expect(shown.length).toBeGreaterThan(40);
    const faults = shown.flatMap(([line, verb = '', rest = '']) => {
      if (verb === 'help') return [];
      const flags = rest.match(/(?<![\w-])--[a-z-]+/g) ?? [];
      const target = /--target (\S+)/.exec(rest)?.[1];
      const known =
        stackVerbs.has(verb) &&
        flags.every((flag) => stackOptions.get(flag)?.includes(verb)) &&
        (target === undefined || stackTargets.includes(target));
      return known ? [] : [line];
    });
    expect(faults).toEqual([]);
  });
});
