import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProgramEnvironment } from '../programs/program.ts';
import { installedPrograms } from './programs.ts';

const run = promisify(execFile);
const timeoutMs = 30_000;
/** What the shells that keep and start a node call; a machine without a package manager of its own may lack some. */
const tools = ['ip', 'mount', 'unshare', 'setpriv'];

/** Tries in namespaces of its own what a cluster and a Docker engine do first, each step with what it says where it fails. */
const trial = `
ip link add node0 type bridge || exit 1
mkdir "$1/upper" "$1/work" && mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$1/upper,workdir=$1/work" /var/lib || exit 1
group=/sys/fs/cgroup/pids
[ -d "$group" ] || group=/sys/fs/cgroup
mkdir "$group/$2" && rmdir "$group/$2"
`;

/** Why no cluster can be started here, in a sentence for the names of tests that are skipped; undefined when one can. */
export async function whyNoCluster(env: ProgramEnvironment): Promise<string | undefined> {
  const why = await whyNoNamespaces(env);
  if (why !== undefined) return why;
  if (!(await hasTool('openssl', env))) return 'a cluster needs openssl';
  return whyNotBuilt(env);
}

/** Why namespaces as a cluster needs them cannot be made here, whatever would run in them; undefined when they can. */
export async function whyNoNamespaces(env: ProgramEnvironment): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'new namespaces need Linux';
  if (process.getuid?.() !== 0) return 'new namespaces and control groups need root';
  for (const tool of tools) if (!(await hasTool(tool, env))) return `new namespaces need ${tool}`;
  return whyTrialFails(env);
}

function hasTool(tool: string, env: ProgramEnvironment): Promise<boolean> {
  return run('/bin/sh', ['-c', `command -v ${tool}`], { env }).then(
    () => true,
    () => false,
  );
}

async function whyTrialFails(env: ProgramEnvironment): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'forescale-trial-'));
  const namespaces = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
  const inside = ['/bin/sh', '-c', trial, 'sh', folder, `forescale-trial-${process.pid}`];
  try {
    await run('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...inside], {
      env,
      timeout: timeoutMs,
    });
    return undefined;
  } catch (error) {
    const { killed, stderr = '' } = error as { killed?: boolean; stderr?: string };
    // What mount says below its first line is only where to read more.
    const [said = ''] = stderr.trim().split('\n');
    const why = killed === true ? `no answer in ${timeoutMs / 1000} s` : said || 'the trial said nothing';
    return `namespaces, a bridge, an overlay or a control group cannot be made here: ${why}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyNotBuilt(env: ProgramEnvironment): Promise<string | undefined> {
  return installedPrograms(env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
