import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GoModule, ProgramEnvironment } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

/**
 * A cold build of k6 took 165 s beside other work on two cores, and kube-apiserver takes several times that; a machine may
 * be four times slower.
 */
const buildTimeoutMs = 3_600_000;

/**
 * Builds a program of a Go module into `folder`, under `name`, with the machine's own Go and its
 * module proxy. It is built as its authors do, in its own source, so that its go.sum checks every dependency;
 * `go install path@version` would in addition ask for the module's latest version, which not every proxy can tell.
 * Rejects with an Error that says which
 * step failed and what Go said.
 */
export async function buildGoProgram(
  name: string,
  module: GoModule,
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await makeWholeFolder(folder, async (work) => {
    const built = join(work, 'built');
    const { path, package: inModule = '', stamps = [], pinnedIn } = module;
    const [source, program] =
      pinnedIn === undefined
        ? [await downloadGoModule(module, work, env, signal), `./${inModule}`]
        : [fileURLToPath(pinnedIn), [path, inModule].filter(Boolean).join('/')];
    // Without symbols, which nobody debugs here: a quarter smaller.
    const linking = ['-s', '-w', ...stamps.flatMap((stamp) => ['-X', stamp])].join(' ');
    const options = ['-trimpath', '-buildvcs=false', `-ldflags=${linking}`, '-o', join(built, name)];
    await runGo(['build', ...options, program], source, env, signal);
    return built;
  });
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
