import { execFile } from 'node:child_process';
import { errorTable, toForescaleError } from '../../platform/errors.ts';
import { visibleLines } from '../../platform/terminal/visible.ts';
import type { CommandIo } from '../command-io.ts';
import { runCli } from '../run.ts';
import { findRelease, type Kubectl } from './find-release.ts';
import { clusterFlags, type PluginArguments, pluginArguments } from './plugin-arguments.ts';
import { kubectlFailed, openPortForward, type PortForward } from './port-forward.ts';

/** Commands that ask a running server. */
const commands = ['status', 'explain', 'decisions', 'events', 'report', 'mode'];
/** What kubectl prints of all Services of a large cluster with that label is some kilobytes. */
const maxBuffer = 16 * 1024 * 1024;

const help = `Usage: kubectl forescale COMMAND [NAMESPACE/NAME] [options]

Asks the Forescale of this cluster: finds its Service by the labels, forwards a free local port to it by kubectl, runs the command
against it, and ends the port-forward.

Commands: ${commands.join(', ')}
          each is \`forescale COMMAND\`; --help after it says what it takes

Options of kubectl:
  -n NAMESPACE        namespace of the release (default: wherever there is one)
  --release NAME      release, where there are several in a namespace
  ${clusterFlags.join(', ')}

Examples:
  kubectl forescale status -w
  kubectl forescale explain shop/web --at 02:40
  kubectl forescale mode reactive -n forescale --context production --bearer-token-file token
`;

/** Runs one command line of `kubectl forescale` and resolves with its exit code: 0, 1, 2 or 3. */
export async function runPlugin(args: readonly string[], io: CommandIo): Promise<0 | 1 | 2 | 3> {
  const parsed = pluginArguments(args);
  const [name = '--help'] = parsed.command;
  if (['--help', '-h', 'help'].includes(name)) {
    io.stdout(help);
    return 0;
  }
  if (!commands.includes(name)) {
    io.stderr(`kubectl forescale: "${name}" asks no running server; use ${commands.join(', ')}\n`);
    return 2;
  }
  if (parsed.command.some((arg) => arg === '--server' || arg.startsWith('--server='))) {
    io.stderr('kubectl forescale: finds the server itself; leave --server out, or use forescale\n');
    return 2;
  }
  if (parsed.command.includes('--help')) return runCli(parsed.command, io);
  return runForwarded(parsed, io);
}

async function runForwarded(parsed: PluginArguments, io: CommandIo): Promise<0 | 1 | 2 | 3> {
  const program = io.env['KUBECTL'] ?? 'kubectl';
  let forward: PortForward | undefined;
  try {
    const release = await findRelease(kubectlOf(program, io.signal), parsed);
    forward = await openPortForward(program, release, parsed.cluster, io.signal);
    // The tunnel is kubectl's own and ends on this machine, for which no certificate is made.
    const unsafe = release.isTls ? ['--unsafe-ssl'] : [];
    const env = { ...io.env, FORESCALE_SERVER: forward.url };
    return await runCli([...parsed.command, ...unsafe], { ...io, env });
  } catch (thrown) {
    const error = toForescaleError(thrown);
    const why = io.signal?.aborted === true ? 'interrupted' : visibleLines(error.message);
    io.stderr(`kubectl forescale: ${why}\n`);
    return errorTable[error.code].exitCode;
  } finally {
    await forward?.close();
  }
}

/** Aborting ends what runs: kubectl waits long for a cluster that does not answer. */
function kubectlOf(program: string, signal: AbortSignal | undefined): Kubectl {
  const options = { maxBuffer, ...(signal && { signal }) };
  return (args) =>
    new Promise((resolve, reject) => {
      execFile(program, [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(kubectlFailed(stderr.trim() || error.message));
      });
    });
}
