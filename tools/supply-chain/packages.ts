import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A package of npm that is used here, as npm tells of it. */
export interface UsedPackage {
  readonly name: string;
  readonly version: string;
  /** As the package states it, an expression of SPDX as a rule. */
  readonly license?: unknown;
  /** Where it is installed. */
  readonly path: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Folders with a package file and a lock file of their own, relative to the project root. */
export const packageFolders = ['.', 'dashboards/pictures', 'tools/site'] as const;

/** Packages that the image contains and that whoever installs ours gets, as they are installed. */
export function shippedPackages(): readonly UsedPackage[] {
  return query('.', ':root .prod');
}

/** Every package that the lock file of a folder names, those of other platforms among them. */
export function lockedPackages(folder: (typeof packageFolders)[number]): readonly UsedPackage[] {
  return query(folder, ':root *', '--package-lock-only');
}

function query(folder: string, selector: string, ...options: readonly string[]): readonly UsedPackage[] {
  const printed = execFileSync('npm', ['query', selector, ...options], {
    cwd: `${root}${folder}`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  const found = JSON.parse(printed) as UsedPackage[];
  return found.toSorted((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
