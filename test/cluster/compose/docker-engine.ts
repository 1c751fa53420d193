import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openTemporaryFolder } from '../../../tools/temporary-folder.ts';
import { installedPath, whyNotInstalled } from '../../real/real-programs.ts';
import { projectRoot } from '../../repository/project-files.ts';

const runFile = promisify(execFile);
/** Starting takes two seconds; `docker compose up` of the whole stack a minute on an idle machine. */
const startTimeoutMs = 120_000;
const commandTimeoutMs = 900_000;

/** A Docker engine whose network, mounts, processes and host name are its own. */
export interface DockerEngine {
  /** Its data, its socket, and `config` for its client. Its name is that of its control groups too. */
  readonly folder: string;
  /** Runs Docker's client in the project's folder, with variables added; resolves with its output, stderr last. */
  docker(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>;
  /** Ends every process of it, and removes its folder and its control groups. */
  stop(): Promise<void>;
}

/** Why no engine can be started here; undefined when one can. */
export async function whyNoEngine(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'a Docker engine in namespaces of its own needs root';
  const unshared = await runFile('unshare', [...namespaces, 'true']).then(
    () => true,
    () => false,
  );
  if (!unshared) return 'this machine makes no namespaces';
  return whyNotInstalled(['docker-engine']);
}

/** All that a process can see of the machine, except its files, its users and its clock. When the first process ends, all do. */
const namespaces = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Waits beside the namespaces for their end, however it came, and removes what they cannot: control groups and files. */
const outside = `
exec 3<&0
folder=$1; shift
unshare ${namespaces.join(' ')} bash "$folder/inside.sh" "$@" 3<&3 </dev/null >"$folder/engine.log" 2>&1
for group in /sys/fs/cgroup/*/"\${folder##*/}" /sys/fs/cgroup/"\${folder##*/}"; do
  for try in 1 2 3 4 5; do
    [ -d "$group" ] || break
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.5
  done
done
rm -rf "$folder"`;

/** Starts the engine, and ends when the other end of its input is closed, which happens however the test ends. */
const inside = `
set -e
folder=$1 programs=$2
# What the engine writes beside its data goes to memory, or to its folder.
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /opt
mkdir "$folder/etc" "$folder/etc-work" "$folder/bin"
mount -t overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc-work" overlay /etc
ip link set lo up
# Debian's packages make these links when they are installed.
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s "$programs/usr/sbin/xtables-nft-multi" "$folder/bin/$name"
done
libraries=$(echo "$programs"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH="$libraries" XTABLES_LIBDIR="$libraries/xtables"
export PATH="$folder/bin:$programs/usr/sbin:$programs/usr/bin:$PATH"
dockerd --host="unix://$folder/docker.sock" --data-root="$folder/data" --exec-root=/run/docker --pidfile=/run/docker.pid \\
  --bip=10.99.0.1/24 --default-address-pool=base=10.98.0.0/16,size=24 --exec-opt=native.cgroupdriver=cgroupfs \\
  --cgroup-parent="/\${folder##*/}" --userland-proxy-path="$programs/usr/sbin/docker-proxy" 3<&- &
read -r _ <&3`;

/** Starts an engine from Debian's packages, unpacked and not installed. */
export async function startDockerEngine(): Promise<DockerEngine> {
  const client = await installedPath('docker-engine');
  const programs = join(dirname(client), '../..');
  const temporary = await openTemporaryFolder('forescale-docker');
  const folder = temporary.path;
  await writeFile(join(folder, 'inside.sh'), inside);

  const started = spawn('bash', ['-c', outside, 'bash', folder, folder, programs], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // Ctrl-C in a terminal is sent to all of it; what cleans up must not end by it.
    detached: true,
  });
  started.stdin.on('error', () => undefined);
  const ended = once(started, 'exit');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    DOCKER_HOST: `unix://${folder}/docker.sock`,
    DOCKER_CONFIG: join(folder, 'config'),
  };
  const docker: DockerEngine['docker'] = async (args, variables) => {
    const { stdout, stderr } = await runFile(client, args, {
      cwd: projectRoot,
      env: { ...env, ...variables },
      timeout: commandTimeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout + stderr;
  };
  const stop = async () => {
    started.stdin.end();
    await ended;
    await temporary.remove();
  };
  const log = join(folder, 'engine.log');
  for (const deadlineMs = performance.now() + startTimeoutMs; ; await sleep(100)) {
    if (
      await docker(['version']).then(
        () => true,
        () => false,
      )
    )
      return { folder, docker, stop };
    if (started.exitCode === null && performance.now() < deadlineMs) continue;
    const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : '(nothing)';
    await stop();
    throw new Error(`the Docker engine did not start; it said: ${said}`);
  }
}
