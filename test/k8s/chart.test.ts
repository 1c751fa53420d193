import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseServerFile } from '../../src/server/config.ts';
import { chartDocuments, chartFile } from '../../tools/chart/chart-documents.ts';
import { chartValues } from '../../tools/chart/chart-values.ts';
import { whyMissing } from '../real/real-programs.ts';
import { projectRoot, trackedFiles } from '../repository/project-files.ts';
import { portOf, serveVariables } from '../support/commands.ts';
import { chartObjects, objectOf, readChartFile, scalerContainer, values } from './chart.ts';
import { renderedSets } from './rendered.ts';

const missing = await whyMissing('helm');
const valueSets = renderedSets.flatMap(({ source, program }) =>
  program === 'helm' ? [/([\w-]+)\.yaml$/.exec(source)?.[1] ?? source] : [],
);
const declared = chartValues(readChartFile('values.yaml'));
const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
const server = trackedFiles('src/server')
  .map((path) => readFileSync(join(projectRoot, path), 'utf8'))
  .join('\n');

describe('the chart', () => {
  const chart = parseYaml(readChartFile('Chart.yaml')) as { version: string; appVersion: string };
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };

  it('is of the version of the package, and so is the image', () => {
    expect([chart.version, chart.appVersion]).toEqual([version, version]);
  });

  it.each(Object.entries(chartDocuments))('has a %s that is not stale (npm run chart)', (name, document) => {
    expect(readFileSync(chartFile(name), 'utf8')).toBe(document());
  });

  it('says of each value what it is for, and has a value set that gives another', () => {
    expect(declared.length).toBeGreaterThan(60);
    expect(declared.filter(({ meaning }) => meaning === '').map(({ path }) => path)).toEqual([]);
    const given = valueSets.map((name) => parseYaml(readChartFile(`ci/${name}.yaml`)) as unknown);
    const unused = declared.filter(({ path }) => given.every((set) => at(set, path) === undefined));
    expect(unused.map(({ path }) => path)).toEqual([]);
  });

  it('has a schema that lists every value, none else, and is closed wherever it lists', () => {
    const schema = JSON.parse(readChartFile('values.schema.json')) as Schema;
    const listed = leavesOf(schema).filter(
      (path) => !path.startsWith('global') && !path.startsWith('resources'),
    );
    const inValues = declared.map(({ path }) => path).filter((path) => path !== 'resources');
    expect(listed.sort()).toEqual(inValues.sort());
    expect(openPlaces(schema)).toEqual([]);
  });

  it('gives the server time to close all it opens, one after the other, after no more is sent to it', () => {
    const opened = [...server.matchAll(/lifecycle\.onClose\(/g)].length;
    expect(opened).toBeGreaterThan(5);
    const [, limitMs] =
      /createLifecycle\(log: Logger, timeoutMs = ([\d_]+)\)/.exec(
        readFileSync(join(projectRoot, 'src/platform/process/lifecycle.ts'), 'utf8'),
      ) ?? [];
    const closingSeconds = (opened * Number(limitMs?.replaceAll('_', ''))) / 1000;
    expect(values['terminationGracePeriodSeconds']).toBeGreaterThanOrEqual(5 + closingSeconds);
  });
});

describe.skipIf(missing).each(valueSets)('the chart with %s (needs helm)', (name) => {
  it('sets only variables that serve reads, at ports it listens on', async () => {
    const {
      env = [],
      ports = [],
      args,
    } = scalerContainer(await chartObjects(name)) as ReturnType<typeof scalerContainer> & { args: string[] };
    const known = serveVariables();
    const ours = env.map((one) => one.name).filter((variable) => variable.startsWith('FORESCALE_'));
    expect(ours.length).toBeGreaterThan(4);
    expect(ours.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(ports.map((port) => [port.name, port.containerPort])).toEqual([
      ['grpc', portOf('FORESCALE_GRPC_ADDRESS')],
      ['http', portOf('FORESCALE_HTTP_ADDRESS')],
    ]);
    expect(args.slice(0, 2)).toEqual(['dist/cli/main.js', 'serve']);
  });

  it('asks by HTTP for probes that the API has', async () => {
    const { startupProbe, readinessProbe, livenessProbe } = scalerContainer(await chartObjects(name));
    const paths = [startupProbe, readinessProbe, livenessProbe].flatMap(
      (probe) => probe?.httpGet?.path ?? [],
    );
    expect(paths.length).toBeGreaterThan(1);
    const routes = readFileSync(join(projectRoot, 'src/api/routes/probes.ts'), 'utf8');
    for (const path of paths) expect(routes).toContain(`'${path}'`);
  });

  it('writes a configuration file that the server takes', async () => {
    const { data = {} } = objectOf(await chartObjects(name), 'ConfigMap');
    const text = data['forescale.yaml'];
    expect(text).toBeDefined();
    expect(() => parseServerFile(text ?? '', 'forescale.yaml')).not.toThrow();
  });

  it('mounts what its variables and its configuration name', async () => {
    const manifests = await chartObjects(name);
    const { env = [], volumeMounts = [] } = scalerContainer(manifests);
    const text = objectOf(manifests, 'ConfigMap').data?.['forescale.yaml'] ?? '';
    const files = [...env.map(({ value = '' }) => value), ...(text.match(/\/\S+/g) ?? [])].filter((value) =>
      /^\/(?:etc|var)\//.test(value),
    );
    expect(files.length).toBeGreaterThan(1);
    const mounted = (file: string) =>
      volumeMounts.some(({ mountPath }) => file === mountPath || file.startsWith(`${mountPath}/`));
    expect(files.filter((file) => !mounted(file))).toEqual([]);
  });
});

describe('what the chart brings along', () => {
  it.skipIf(missing)('arrives in the cluster unchanged (needs helm)', async () => {
    const manifests = await chartObjects('kube-prometheus-stack');
    const dashboards = readdirSync(join(projectRoot, 'k8s/monitoring/dashboards'));
    expect(dashboards.length).toBeGreaterThan(1);
    for (const file of dashboards) {
      const map = objectOf(manifests, 'ConfigMap', `dashboard-${file.replace('.json', '')}`);
      expect(map.metadata.labels?.['grafana_dashboard']).toBe('1');
      const kept = JSON.parse(map.data?.[file] ?? '') as unknown;
      expect(kept).toEqual(JSON.parse(readChartFile(`files/dashboards/${file}`)));
    }
    const rules = readdirSync(join(projectRoot, 'k8s/monitoring/rules')).filter((file) =>
      file.endsWith('.yaml'),
    );
    expect(rules.length).toBeGreaterThan(1);
    const groups = rules.flatMap(
      (file) => (parseYaml(readChartFile(`files/rules/${file}`)) as { groups: unknown[] }).groups,
    );
    expect(objectOf(manifests, 'PrometheusRule').spec?.['groups']).toEqual(groups);
  });
});

interface Schema {
  readonly deprecated?: boolean;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * The paths of an object's listed properties; the path itself where none are listed. Without values of former versions, which
 * former-values.test.ts is about.
 */
function leavesOf({ properties, deprecated }: Schema, path: readonly string[] = []): readonly string[] {
  if (deprecated === true) return [];
  if (properties === undefined) return [path.join('.')];
  return Object.entries(properties).flatMap(([name, property]) => leavesOf(property, [...path, name]));
}

/** Places in a schema that list properties and also accept unlisted ones. */
function openPlaces(schema: Schema, path = '#'): readonly string[] {
  const { properties = {}, items, $defs = {}, additionalProperties } = schema;
  const below = [
    ...Object.entries({ ...properties, ...$defs }),
    ...(items ? [['items', items] as const] : []),
  ];
  return [
    ...(schema.properties !== undefined && additionalProperties !== false ? [path] : []),
    ...below.flatMap(([name, one]) => openPlaces(one, `${path}/${name}`)),
  ];
}
