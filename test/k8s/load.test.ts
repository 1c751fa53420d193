import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { settingFaults } from '../../loadtests/lib/read-settings.ts';
import { parseDuration } from '../../src/platform/duration.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { readComposeFile, readProjectFile } from '../repository/compose-file.ts';
import { trackedFiles } from '../repository/project-files.ts';
import { selectorsOf } from '../repository/promql.ts';
import { flagsOf as commandFlags } from '../support/commands.ts';
import { type Container, find, podsOf, variablesOf } from './kustomized.ts';
import { missing, note, overlay } from './overlays.ts';

const manifests = missing === undefined ? overlay('k3s') : [];
const jobs = podsOf(manifests).filter(({ owner }) => owner.kind === 'CronJob');
const loads = jobs.filter(({ container }) => container.name === 'k6');
const flagsOf = ({ args = [] }: Container) =>
  new Map(
    args
      .filter((arg) => arg.startsWith('--'))
      .map((arg) => /^(--[\w.-]+)=?(.*)$/s.exec(arg)?.slice(1) as [string, string]),
  );

describe.skipIf(missing)(`the load and the history in a cluster${note}`, () => {
  it('wait until they are asked for, and run only once then', () => {
    expect(jobs.map(({ owner }) => owner.metadata.name).sort()).toEqual([
      ...['load-week', 'load-weekday', 'load-weekend', 'seed'],
    ]);
    for (const { owner, template } of jobs) {
      expect(owner.spec.suspend).toBe(true);
      expect(owner.spec.concurrencyPolicy).toBe('Forbid');
      expect(owner.spec.jobTemplate.spec.backoffLimit).toBe(0);
      expect(template.spec['restartPolicy']).toBe('Never');
    }
  });

  it('have variables that the load test takes, and time enough for what is sent', () => {
    expect(loads).toHaveLength(3);
    for (const { owner, container } of loads) {
      const variables = variablesOf(container);
      expect(settingFaults('realistic', variables)).toEqual([]);
      const seconds = (Number(variables['LOAD_WEEK_SECONDS']) * Number(variables['LOAD_DAYS'])) / 7;
      expect(seconds).toBeGreaterThan(60);
      expect(owner.spec.jobTemplate.spec.activeDeadlineSeconds).toBeGreaterThan(seconds + 600);
    }
  });

  it('run k6 as compose.yaml does', () => {
    const { command = [] } = readComposeFile().services['load'] ?? {};
    expect(command.length).toBeGreaterThan(3);
    for (const { container } of loads) expect(container.args).toEqual(command);
  });

  it('connect anew for each request, so that a Service gives new replicas their share', () => {
    for (const { container } of loads)
      expect(variablesOf(container)).toMatchObject({ K6_NO_CONNECTION_REUSE: 'true' });
  });

  it('mount the scripts and all they import, laid out as in the project', () => {
    for (const { container, template } of loads) {
      const mounted = (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
        const configMap = template.spec.volumes?.find((volume) => volume.name === name)?.configMap?.name;
        if (configMap === undefined) return [];
        const { data = {} } = find(manifests, 'ConfigMap', configMap);
        return Object.entries(data).map(([file, text]) => [posix.join(mountPath, file), text] as const);
      });
      const files = new Map(mounted);
      const settings = ['setting-values', 'settings', 'without-user-info'].map(
        (name) => `src/platform/${name}.ts`,
      );
      const wanted = [...trackedFiles('loadtests'), ...trackedFiles('src/load-shapes'), ...settings]
        .filter((path) => path.endsWith('.ts'))
        .map((path) => `/forescale/${path}`);
      expect(wanted.length).toBeGreaterThan(20);
      expect([...files.keys()].sort()).toEqual(wanted.sort());
      const imports = [...files].flatMap(([path, text]) =>
        // k6 takes the types out before it looks for what is imported.
        [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)].map(([, to = '']) =>
          posix.join(posix.dirname(path), to),
        ),
      );
      expect(imports.length).toBeGreaterThan(30);
      expect(imports.filter((path) => !files.has(path))).toEqual([]);
      expect(files.has(container.args?.at(-1) ?? '')).toBe(true);
    }
  });
});

describe.skipIf(missing)(`the history that seed writes in a cluster${note}`, () => {
  const seed = jobs.find(({ owner }) => owner.metadata.name === 'seed')?.container;
  const flags = seed === undefined ? new Map<string, string>() : flagsOf(seed);
  const [trigger] = missing === undefined ? find(manifests, 'ScaledObject', 'app-a').spec.triggers : [];

  it('is asked for by flags that seed has', () => {
    const known = commandFlags('seed').map(({ long }) => long);
    expect(flags.size).toBeGreaterThan(3);
    expect([...flags.keys()].filter((flag) => !known.includes(flag))).toEqual([]);
    // The load must continue the history.
    expect(loads.map(({ container }) => variablesOf(container)['LOAD_PEAK_RPS'])).toEqual(
      loads.map(() => flags.get('--peak')),
    );
  });

  it('is the series that the trigger asks for', () => {
    const [asked] = selectorsOf(trigger.metadata.query);
    expect(asked?.metric).toBe(flags.get('--metric'));
    const labels = new Map(
      (flags.get('--labels') ?? '').split(',').map((one) => one.split('=') as [string, string]),
    );
    const matchers = [...String(trigger.metadata.query).matchAll(/(\w+)="([^"]+)"/g)].slice(0, 2);
    expect(matchers.map(([, label]) => label)).toEqual(['namespace', 'app']);
    for (const [, label = '', value] of matchers) expect(labels.get(label)).toBe(value);
  });

  it('is no longer than Prometheus takes and keeps, nor shorter than the triggers read', () => {
    const days = Number(flags.get('--days'));
    const config = parseYaml(readProjectFile('k8s/components/prometheus/prometheus.yml')) as {
      storage: { tsdb: { out_of_order_time_window: string } };
    };
    expect(parseDuration(config.storage.tsdb.out_of_order_time_window)).toBeGreaterThan(days * 86_400);
    const args = flagsOf(find(manifests, 'StatefulSet', 'prometheus').spec.template.spec.containers[0]);
    expect(parseDuration(args.get('--storage.tsdb.retention.time') ?? '')).toBeGreaterThanOrEqual(
      60 * 86_400,
    );
    const { workloads = [] } = parseServerFile(
      readProjectFile('k8s/showcase/forescale.yaml'),
      'forescale.yaml',
    );
    const read = [trigger, ...workloads].map(({ metadata }) => parseDuration(metadata.historyTimeWindow));
    expect(read).toHaveLength(2);
    for (const seconds of read) expect(seconds).toBeLessThanOrEqual(days * 86_400);
  });
});
