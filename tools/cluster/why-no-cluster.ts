import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProgramEnvironment } from '../programs/program.ts';
import { installedPrograms } from './programs.ts';

const run = promisify(execFile);
const timeoutMs = 30_000;

/** Tries in namespaces of its own what a cluster does first, each step with what it says where it fails. */
const trial = `
ip link add node0 type bridge || exit 1
mkdir "$1/upper" "$1/work" && mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$1/upper,workdir=$1/work" /var/lib || exit 1
group=/sys/fs/cgroup/pids
[ -d "$group" ] || group=/sys/fs/cgroup
mkdir "$group/$2" && rmdir "$group/$2"
`;

/** Why no cluster can be started here, in a sentence for the names of tests that are skipped; undefined when one can. */
export async function whyNoCluster(env: ProgramEnvironment): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a cluster needs Linux';
  if (process.getuid?.() !== 0) return 'a cluster needs root, for namespaces and control groups';
  const folder = await mkdtemp(join(tmpdir(), 'forescale-trial-'));
  try {
    await installedPrograms(env);
    for (const tool of ['openssl', 'ip', 'setpriv'])
      await run('sh', ['-c', `command -v ${tool}`]).catch(() => {
        throw new Error(`a cluster needs ${tool}`);
      });
    const namespaces = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
    const name = `forescale-trial-${process.pid}`;
    await run('unshare', [...namespaces, 'sh', '-c', trial, 'sh', folder, name], { timeout: timeoutMs });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return (stderr ?? message).trim().split('\n').at(-1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
