import { parse as parseYaml } from 'yaml';
import { readProjectFile } from './compose-file.ts';
import { trackedFiles } from './project-files.ts';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleFile {
  /** Of the project. */
  readonly path: string;
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export const ruleFolder = 'k8s/monitoring/rules';

const paths = trackedFiles(ruleFolder).filter((path) => path.endsWith('.yaml'));
export const ruleTestPaths = paths.filter((path) => path.includes('/tests/'));

export const ruleFiles: readonly RuleFile[] = paths
  .filter((path) => !path.includes('/tests/'))
  .map((path) => ({ path, ...(parseYaml(readProjectFile(path)) as Omit<RuleFile, 'path'>) }));

export const rules = ruleFiles.flatMap(({ path, groups }) =>
  groups.flatMap((group) => group.rules.map((rule) => ({ path, ...rule }))),
);
