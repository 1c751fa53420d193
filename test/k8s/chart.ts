import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { projectRoot } from '../repository/project-files.ts';
import { type Manifest, parseManifests } from './manifest.ts';
import { chartFolder, render, renderChart } from './rendered.ts';
import { type Container, workloadsOf } from './workload.ts';

/** A file of the chart. */
export function readChartFile(path: string): string {
  return readFileSync(join(projectRoot, chartFolder, path), 'utf8');
}

export const values = parseYaml(readChartFile('values.yaml')) as Readonly<Record<string, unknown>>;

/** Renders the chart with a value set of `ci/`, or with values as `--set` takes them. */
export async function chartObjects(
  valueSet: string,
  ...set: readonly string[]
): Promise<readonly Manifest[]> {
  const source = `${chartFolder}/ci/${valueSet}.yaml`;
  if (set.length === 0) return parseManifests(await render({ source, program: 'helm' }));
  const given = set.flatMap((one) => ['--set', one]);
  return parseManifests(await renderChart(['--values', source, ...given]));
}

/** The container of the scaler. Throws where there is none. */
export function scalerContainer(manifests: readonly Manifest[]): Container {
  const [scaler] = workloadsOf(manifests).filter(({ isServer }) => isServer);
  const [container] = scaler?.pod.containers ?? [];
  if (container === undefined) throw new Error('the chart makes no scaler');
  return container;
}

/** The object of a kind, whose name ends as said. Throws where there is none. */
export function objectOf(manifests: readonly Manifest[], kind: string, nameEnd = ''): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name.endsWith(nameEnd));
  if (found === undefined) throw new Error(`the chart makes no ${kind} …${nameEnd}`);
  return found;
}
