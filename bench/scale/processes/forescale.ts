import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { podOf } from './pod.ts';

/** A running `forescale serve`. */
export interface RunningForescale extends MeasuredProcess {
  readonly grpcPort: number;
  readonly httpUrl: string;
}

/** A folder for the server's configuration and state, which outlives restarts. */
export interface ServerFolder {
  readonly path: string;
  readonly workloads: number;
  readonly ports: ServerPorts;
  remove(): void;
}

/** Ports of 127.0.0.1 that a server listens at; 0 is any that is free. */
export interface ServerPorts {
  readonly grpc: number;
  readonly http: number;
}

/** Makes the folder of a server that asks `sourceUrl` and has room for so many workloads; `settings` are more of its configuration. */
export function openServerFolder(
  sourceUrl: string,
  workloads: number,
  { ports = { grpc: 0, http: 0 }, settings = {} }: { ports?: ServerPorts; settings?: object } = {},
): ServerFolder {
  const path = mkdtempSync(join(tmpdir(), 'forescale-scale-'));
  const limits = { workloads: workloads + 10, workloadsPerNamespace: workloads + 10 };
  const config = { prometheusUrl: sourceUrl, limits, ...settings };
  writeFileSync(join(path, 'forescale.yaml'), JSON.stringify(config));
  return { path, workloads, ports, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** How the server's program is started. */
export interface ServerProgram {
  /** What the image runs, which `npm run build` has made, in place of the sources. */
  readonly isBuilt?: boolean;
  /** Further arguments of Node. */
  readonly execArgv?: readonly string[];
}

/** Starts the server as a pod does; resolves once it listens. Rejects with the end of its log where it ends before. */
export async function startForescale(
  { path, workloads, ports }: ServerFolder,
  { isBuilt = false, execArgv = [] }: ServerProgram = {},
): Promise<RunningForescale> {
  const config = ['--config', join(path, 'forescale.yaml'), '--state-dir', join(path, 'state')];
  const addresses = [
    ...['--grpc-address', `127.0.0.1:${ports.grpc}`],
    ...['--http-address', `127.0.0.1:${ports.http}`],
  ];
  const { env, execArgv: ofPod } = podOf(workloads);
  const measured = startMeasured(
    isBuilt ? '../../dist/cli/main.js' : '../../src/cli/main.ts',
    ['serve', ...config, ...addresses],
    {
      env,
      execArgv: [...ofPod, ...execArgv],
      stderr: 'pipe',
    },
  );
  const { grpcPort, http } = await listening(measured);
  return { ...measured, grpcPort, httpUrl: http };
}

interface Listening {
  readonly msg?: string;
  readonly grpcPort: number;
  readonly http: string;
}

function listening({ child }: MeasuredProcess): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const { stderr } = child;
    if (stderr === null) throw new Error('stderr is piped');
    const lines: string[] = [];
    createInterface(stderr).on('line', (line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
      if (!line.includes('"listening"')) return;
      resolve(JSON.parse(line) as Listening);
    });
    child.once('exit', (code) =>
      reject(new Error(`forescale serve ended with ${code}:\n${lines.join('\n')}`)),
    );
  });
}
