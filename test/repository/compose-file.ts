import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { projectRoot } from './project-files.ts';

/** As much of a service of compose.yaml as the tests look at. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args: Readonly<Record<string, string>> };
  readonly pull_policy?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly deploy?: {
    readonly resources?: { readonly limits?: Readonly<Record<string, string | number>> };
  };
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** compose.yaml with `${NAME:-default}` as they are where nothing is set. */
export function readComposeFile(): ComposeFile {
  const text = readProjectFile('compose.yaml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
  return parseYaml(text, { merge: true }) as ComposeFile;
}

/** A bind mount as `./from:to:ro`. */
export interface BindMount {
  readonly from: string;
  readonly to: string;
  readonly mode: string | undefined;
}

export function bindMounts({ volumes = [] }: ComposeService): BindMount[] {
  return volumes
    .filter((volume) => volume.startsWith('.'))
    .map((volume) => {
      const [from = '', to = '', mode] = volume.split(':');
      return { from, to, mode };
    });
}

export function readProjectFile(path: string): string {
  return readFileSync(resolve(projectRoot, path), 'utf8');
}
