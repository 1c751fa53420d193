import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../tools/programs/find-program.ts';
import { runTool } from '../../tools/programs/run-tool.ts';
import { projectRoot } from '../repository/project-files.ts';

/** A set of manifests that users apply: a chart with values, or a kustomization. */
export interface RenderedSet {
  /** Folder from which the set is rendered, relative to the project root. */
  readonly source: string;
  readonly program: 'helm' | 'kustomize';
}

export const chartFolder = 'k8s/charts/forescale';
const valueSets = join(chartFolder, 'ci');
const kustomizations = ['k8s/overlays', 'k8s/examples'];
const renderTimeoutMs = 60_000;

/** Every set the project has. */
export const renderedSets: readonly RenderedSet[] = [
  ...namesIn(valueSets).map((name) => ({ source: join(valueSets, name), program: 'helm' as const })),
  ...kustomizations
    .flatMap((folder) => namesIn(folder).map((name) => join(folder, name)))
    .filter((folder) => existsSync(join(projectRoot, folder, 'kustomization.yaml')))
    .map((source) => ({ source, program: 'kustomize' as const })),
];

const rendered = new Map<string, Promise<string>>();

/**
 * The YAML that would be applied. Rejects with what helm or kustomize says. A set is rendered once, because the files of the
 * project `k8s` share workers and their modules.
 */
export function render({ source, program }: RenderedSet): Promise<string> {
  const yaml =
    rendered.get(source) ??
    (program === 'helm' ? renderChart(['--values', source]) : runRenderer(program, ['build', source]));
  rendered.set(source, yaml);
  return yaml;
}

/** The chart as release `forescale` in the namespace of that name, with further arguments of `helm template`. */
export function renderChart(args: readonly string[]): Promise<string> {
  return runRenderer('helm', ['template', 'forescale', chartFolder, '--namespace', 'forescale', ...args]);
}

/** What `helm install` of the chart would print, the notes at its end included; asks no cluster. */
export function dryInstall(args: readonly string[]): Promise<string> {
  const install = ['install', 'forescale', chartFolder, '--namespace', 'forescale', '--dry-run=client'];
  return runRenderer('helm', [...install, ...args]);
}

async function runRenderer(program: RenderedSet['program'], args: readonly string[]): Promise<string> {
  const { path } = await findProgram(program, process.env);
  return runTool(path, args, { cwd: projectRoot, env: process.env, timeoutMs: renderTimeoutMs });
}

function namesIn(folder: string): readonly string[] {
  const path = join(projectRoot, folder);
  return existsSync(path) ? readdirSync(path).sort() : [];
}
