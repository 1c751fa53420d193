import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../repository/project-files.ts';
import { eventually } from '../support/eventually.ts';

export interface ServeProcess {
  readonly httpUrl: string;
  readonly grpcPort: number;
  /** Everything it has written to stdout and stderr. */
  output(): string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as the kernel does where memory is short. */
  kill(): Promise<void>;
}

/** Starts `forescale serve` as its own process on free loopback ports; resolves when it is ready. */
export async function startServeProcess(
  prometheusUrl: string,
  more: {
    readonly flags?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
    /** Number of the user and of the group that it runs as, which root alone may choose. */
    readonly userAndGroup?: number;
    /** Longest wait until it is ready. Default: 30 s. */
    readonly readyWithinMs?: number;
  } = {},
): Promise<ServeProcess> {
  const addresses = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  const child = spawn(
    process.execPath,
    [
      ...['--import', join(projectRoot, 'test/real/ends-with-parent.ts')],
      ...['src/cli/main.ts', 'serve', ...addresses, '--prometheus-url', prometheusUrl, ...(more.flags ?? [])],
    ],
    {
      cwd: projectRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...more.env },
      ...(more.userAndGroup !== undefined && { uid: more.userAndGroup, gid: more.userAndGroup }),
    },
  );
  // The pipe breaks when the server ends, which the exit event reports already.
  child.stdin.on('error', () => undefined);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  const stop = () => end('SIGTERM');
  try {
    const listening = await eventually(
      () => said.split('\n').find((line) => line.includes('"msg":"listening"')),
      (line) => line !== undefined,
      more.readyWithinMs,
    );
    const { grpcPort, http } = JSON.parse(listening ?? '{}') as { grpcPort: number; http: string };
    await eventually(
      async () => (await fetch(`${http}/readyz`)).status,
      (status) => status === 200,
      more.readyWithinMs,
    );
    return {
      httpUrl: http,
      grpcPort,
      output: () => said,
      pid: child.pid ?? 0,
      stop,
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    await stop();
    throw new Error(`forescale serve did not start; it said: ${said}`, { cause: error });
  }
}
