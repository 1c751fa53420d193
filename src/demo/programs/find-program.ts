import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ForescaleError } from '../../platform/errors.ts';
import { unpackDebianPackage } from './debian-package.ts';

/** Real programs that the demo and the tests start: the names they go by, and the Debian package that has them. */
const programs = {
  prometheus: {
    names: ['prometheus'],
    debianPackage: 'prometheus',
    install: 'Prometheus 2.39 or newer (on macOS: brew install prometheus)',
  },
  promtool: {
    names: ['promtool'],
    debianPackage: 'prometheus',
    install: 'Prometheus 2.39 or newer, which brings promtool (on macOS: brew install prometheus)',
  },
  'victoria-metrics': {
    names: ['victoria-metrics', 'victoria-metrics-prod'],
    debianPackage: 'victoria-metrics',
    install: 'VictoriaMetrics, single node (on macOS: brew install victoriametrics)',
  },
} as const satisfies Record<string, { names: readonly string[]; debianPackage: string; install: string }>;

export type ProgramName = keyof typeof programs;

/** The environment to look in: `PATH`, and `FORESCALE_CACHE_DIR` where unpacked programs are kept. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>;

export interface FoundProgram {
  readonly path: string;
  /** Where it was found: on PATH, unpacked earlier, or fetched just now. */
  readonly from: 'path' | 'cache' | 'package';
}

/**
 * A program to run: the binary on PATH if there is one, else the Debian package's, unpacked into a cache folder (not
 * installed, so that no system service starts). Throws `missing-tool`, saying what to install, where neither works.
 */
export async function findProgram(name: ProgramName, env: ProgramEnvironment): Promise<FoundProgram> {
  const { names, debianPackage, install } = programs[name];
  const onPath = await firstExecutable(names, (env['PATH'] ?? '').split(delimiter));
  if (onPath !== undefined) return { path: onPath, from: 'path' };

  const folder = join(cacheDirectory(env), debianPackage);
  const unpacked = await firstExecutable(names, [join(folder, 'usr/bin')]);
  if (unpacked !== undefined) return { path: unpacked, from: 'cache' };

  const remedy = `install ${install} so that ${names.join(' or ')} is on PATH`;
  try {
    await unpackDebianPackage(debianPackage, folder, env);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ForescaleError(
      'missing-tool',
      `${name} is not on PATH and could not be fetched: ${why}; ${remedy}`,
      { cause },
    );
  }
  const fetched = await firstExecutable(names, [join(folder, 'usr/bin')]);
  if (fetched !== undefined) return { path: fetched, from: 'package' };
  throw new ForescaleError(
    'missing-tool',
    `the Debian package ${debianPackage} has no ${names.join(' or ')}; ${remedy}`,
  );
}

function cacheDirectory(env: ProgramEnvironment): string {
  const configured = env['FORESCALE_CACHE_DIR'];
  const root = configured === undefined || configured === '' ? projectCache : configured;
  return join(root, 'programs');
}

const projectCache = fileURLToPath(new URL('../../../.cache/', import.meta.url));

async function firstExecutable(
  names: readonly string[],
  folders: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== '' && (await isExecutable(path))) return path;
    }
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
