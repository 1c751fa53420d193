import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openTemporaryFolder } from '../../platform/temporary-folder.ts';
import { ignoreWhenAlreadyThere } from './debian-package.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { runTool } from './run-tool.ts';

/** A cold build of k6 took 165 s beside other work on two cores; a machine may be four times slower. */
const buildTimeoutMs = 900_000;

export interface GoModule {
  readonly path: string;
  /** Exact, such as `v2.2.0`. */
  readonly version: string;
  /** The program's folder in the module (default: its root). */
  readonly package?: string;
}

/**
 * Builds a program of a Go module into `folder`, under `name`, with the machine's own Go and its
 * module proxy. It is built as its authors do, in its own source, so that its go.sum checks every dependency;
 * `go install path@version` would in addition ask for the module's latest version, which not every proxy can tell.
 * Two at once are safe, because the folder appears complete, by renaming. Rejects with an Error that says which
 * step failed and what Go said.
 */
export async function buildGoProgram(
  name: string,
  { path, version, package: program = '' }: GoModule,
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const { path: work, remove } = await openTemporaryFolder(`.${basename(folder)}`, dirname(folder));
  try {
    const built = join(work, 'built');
    const source = await downloadGoModule({ path, version }, work, env, signal);
    const options = ['-trimpath', '-buildvcs=false', '-o', join(built, name)];
    await runGo(['build', ...options, `./${program}`], source, env, signal);
    await rename(built, folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await remove();
  }
}

/** The folder of Go's own cache where the module's source is. Rejects as {@link buildGoProgram} does. */
export async function downloadGoModule(
  { path, version }: Pick<GoModule, 'path' | 'version'>,
  cwd: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<string> {
  const told = await runGo(['mod', 'download', '-json', `${path}@${version}`], cwd, env, signal);
  return (JSON.parse(told) as { readonly Dir: string }).Dir;
}

function runGo(
  args: readonly string[],
  cwd: string,
  env: ProgramEnvironment,
  signal: AbortSignal | undefined,
): Promise<string> {
  // Nothing around the folder has a say: no go.work, no -mod=vendor. No C compiler is needed.
  const goEnv = { ...env, GOWORK: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
  return runTool('go', args, { cwd, env: goEnv, timeoutMs: buildTimeoutMs, signal });
}
