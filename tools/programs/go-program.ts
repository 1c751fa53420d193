import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GoModule, ProgramEnvironment } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

/** A cold build of k6 took 165 s on two busy cores, kube-apiserver takes several times that, and machines may be four times slower. */
const buildTimeoutMs = 3_600_000;

/**
 * Builds a program of a Go module into `folder`, under `name`, with the machine's own Go and its module proxy. It is built in its
 * own source, as its authors do, so that its go.sum checks every dependency. `go install path@version` would also ask for the
 * module's latest version, which not every proxy knows. Rejects with an Error that says which step failed and what Go said.
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
    const { path, package: inModule = '', stamps = [], tags = [], pinnedIn } = module;
    const [source, program] =
      pinnedIn === undefined
        ? [await downloadGoModule(module, work, env, signal), `./${inModule}`]
        : [fileURLToPath(pinnedIn), [path, inModule].filter(Boolean).join('/')];
    // Without symbols, which nobody needs here, the program is a quarter smaller.
    const linking = ['-s', '-w', ...stamps.flatMap((stamp) => ['-X', stamp])].join(' ');
    // A module may come with a vendor folder that has nothing but a list, as KEDA 2.15 does, and Go would look there.
    const options = [
      '-trimpath',
      '-buildvcs=false',
      '-mod=readonly',
      `-ldflags=${linking}`,
      `-tags=${tags.join(',')}`,
      '-o',
      join(built, name),
    ];
    await runGo(['build', ...options, program], source, env, signal);
    return built;
  });
}

/** Downloads a module; resolves with the folder of Go's own cache that has its source. Rejects as {@link buildGoProgram} does. */
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
  // Settings around the folder, such as go.work or -mod=vendor, must not matter. No C compiler is needed.
  const goEnv = { ...env, GOWORK: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
  return runTool('go', args, { cwd, env: goEnv, timeoutMs: buildTimeoutMs, signal });
}
