import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { keepPrograms } from '../../../tools/cluster/node/kept-programs.ts';
import { whyNoNamespaces } from '../../../tools/cluster/why-no-cluster.ts';
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
  return (await whyNoNamespaces(process.env)) ?? whyNotInstalled(['docker-engine']);
}

/** Starts an engine from Debian's packages, unpacked and not installed. It ends with this process at the latest. */
export async function startDockerEngine(): Promise<DockerEngine> {
  const client = await installedPath('docker-engine');
  const programs = join(dirname(client), '../..');
  const temporary = await openTemporaryFolder('forescale-docker');
  const folder = temporary.path;
  const script = join(import.meta.dirname, 'docker-engine.sh');
  const kept = keepPrograms(folder, ['sh', script, folder, programs]);
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
    await kept.stop();
    await temporary.remove();
  };
  const answers = () =>
    docker(['version']).then(
      () => true,
      () => false,
    );
  for (const deadlineMs = performance.now() + startTimeoutMs; !(await answers()); await sleep(100)) {
    if (!kept.hasEnded() && performance.now() < deadlineMs) continue;
    await stop();
    throw new Error(`the Docker engine did not start; it said: ${await kept.ended}`);
  }
  return { folder, docker, stop };
}
