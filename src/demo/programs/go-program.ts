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
}

/**
 * Builds the program at the root of a Go module into `folder`, under `name`, with the machine's own Go and its
 * module proxy. It is built as its authors do, in its own source, so that its go.sum checks every dependency;
 * `go install path@version` would in addition ask for the module's latest version, which not every proxy can tell.
 * Two at once are safe, because the folder appears complete, by renaming. Rejects with an Error that says which
 * step failed and what Go said.
 */
export async function buildGoProgram(
  name: string,
  { path, version }: GoModule,
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const { path: work, remove } = await openTemporaryFolder(`.${basename(folder)}`, dirname(folder));
  try {
    const built = join(work, 'built');
    // Nothing around the work folder has a say: no go.work, no -mod=vendor. No C compiler is needed.
    const goEnv = { ...env, GOWORK: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
    const go = (args: readonly string[], cwd: string) =>
      runTool('go', args, { cwd, env: goEnv, timeoutMs: buildTimeoutMs, signal });
    const downloaded = JSON.parse(await go(['mod', 'download', '-json', `${path}@${version}`], work)) as {
      Dir: string;
    };
    await go(['build', '-trimpath', '-buildvcs=false', '-o', join(built, name), '.'], downloaded.Dir);
    await rename(built, folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await remove();
  }
}
