import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../repository/project-files.ts';
import { eventually } from '../support/eventually.ts';

export interface ServeProcess {
  readonly httpUrl: string;
  readonly grpcPort: number;
  /** Everything it has written to stdout and stderr. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts `forescale serve` as its own process on free loopback ports; resolves when it is ready. */
export async function startServeProcess(
  prometheusUrl: string,
  more: { readonly flags?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ServeProcess> {
  const addresses = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  const child = spawn(
    process.execPath,
    ['src/cli/main.ts', 'serve', ...addresses, '--prometheus-url', prometheusUrl, ...(more.flags ?? [])],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...more.env } },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  try {
    const listening = await eventually(
      () => said.split('\n').find((line) => line.includes('"msg":"listening"')),
      (line) => line !== undefined,
    );
    const { grpcPort, http } = JSON.parse(listening ?? '{}') as { grpcPort: number; http: string };
    await eventually(
      async () => (await fetch(`${http}/readyz`)).status,
      (status) => status === 200,
    );
    return { httpUrl: http, grpcPort, output: () => said, stop };
  } catch (error) {
    await stop();
    throw new Error(`forescale serve did not start; it said: ${said}`, { cause: error });
  }
}
