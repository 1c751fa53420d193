import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { within } from '../../src/platform/deadline.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import { freePort } from '../../tools/programs/free-port.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import { bindMounts, readComposeFile, readProjectFile } from '../repository/compose-file.ts';
import { projectRoot } from '../repository/project-files.ts';
import { sourceOfBuilt } from '../repository/source-of-built.ts';

const compose = readComposeFile();
/** Seeding two weeks takes seconds; a command that takes this long hangs. */
const commandDeadlineMs = 180_000;

/**
 * The services of compose.yaml as processes on loopback, with its commands, environments and mounted files at other addresses.
 */
export interface ComposeStack {
  readonly prometheusUrl: string;
  /** Base URL of the scaler's HTTP server. */
  readonly forescaleUrl: string;
  readonly appUrl: string;
  readonly grpcPort: number;
  /** Runs a command of ours to its end, as its service would, with flags added; gives what it printed. */
  run(service: 'seed' | 'keda-sim', more?: readonly string[]): Promise<Ended>;
  /** Runs the service `load` to its end: k6, with what is mounted laid out in `folder` as in the container. */
  load(folder: string, variables: Readonly<Record<string, string>>): Promise<Ended>;
  stop(): Promise<void>;
}

interface Ended {
  readonly exitCode: number | null;
  /** Output of the run, stdout and stderr together. */
  readonly output: string;
}

/** Scrape interval: one second instead of five, so that a test does not wait. */
const scrapeInterval = '1s';

/** A scrape job in the form of prometheus.yml. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly [setting: string]: unknown;
}

/** Starts the stack. Prometheus scrapes `moreJobs` besides the jobs of its configuration. */
export async function startComposeStack(moreJobs: readonly ScrapeJob[] = []): Promise<ComposeStack> {
  const running: RunningProgram[] = [];
  const addresses = new Map<string, string>();
  const keep = async (name: string, starting: Promise<RunningProgram>) => {
    const program = await starting;
    running.push(program);
    addresses.set(`${name}:8000`, `127.0.0.1:${program.port}`);
    return program;
  };
  const stop = async () => {
    for (const program of running.splice(0).reverse()) await program.stop();
  };
  const onLoopback = (text: string) => {
    let moved = text;
    for (const [from, to] of addresses) moved = moved.replaceAll(from, to);
    return moved;
  };
  try {
    // The order is that of depends_on: the end of the chain first.
    for (const name of ['app-c', 'app-b', 'app-a']) await keep(name, startApp(name, onLoopback));
    const grpcPort = await freePort();
    addresses.set('forescale:6000', `127.0.0.1:${grpcPort}`);
    const prometheus = await startPrometheus(async (port) => {
      addresses.set('prometheus:9090', `127.0.0.1:${port}`);
      addresses.set('127.0.0.1:9090', `127.0.0.1:${port}`);
      // Before its targets are written, because the scaler is one of them; it waits for no Prometheus.
      const scaler = await startScaler(grpcPort, onLoopback);
      running.push(scaler);
      addresses.set('forescale:8080', `127.0.0.1:${scaler.port}`);
      return onLoopback;
    }, moreJobs);
    running.push(prometheus);
    return {
      prometheusUrl: prometheus.url,
      forescaleUrl: onLoopback('http://forescale:8080'),
      appUrl: `http://${addresses.get('app-a:8000')}`,
      grpcPort,
      run: (name, more = []) =>
        runCommand(process.execPath, [...commandOf(name).map(onLoopback), ...more], process.env),
      load: (folder, variables) => runLoad(folder, onLoopback, variables),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startApp(name: string, onLoopback: (text: string) => string): Promise<RunningProgram> {
  const { environment = {} } = compose.services[name] ?? {};
  const given = Object.entries(environment).map(([key, value]) => [key, onLoopback(String(value))]);
  return startServerProcess({
    name,
    path: process.execPath,
    args: () => commandOf(name),
    env: (port) => ({
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...Object.fromEntries(given),
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
      APP_DRAIN_SECONDS: '0',
    }),
    readyPath: '/readyz',
  });
}

/** Starts Prometheus with the file and the flags of compose.yaml; only addresses, folders and intervals differ. */
async function startPrometheus(
  targetsFor: (port: number) => Promise<(text: string) => string>,
  moreJobs: readonly ScrapeJob[],
): Promise<RunningProgram> {
  const { path } = await findProgram('prometheus', process.env);
  return startServerProcess({
    name: 'prometheus',
    path,
    readyPath: '/-/ready',
    args: async (port, dataFolder) => {
      const onLoopback = await targetsFor(port);
      const configFile = join(dataFolder, 'prometheus.yml');
      const text = onThisMachine('prometheus', onLoopback(readProjectFile('compose/prometheus.yml')));
      const config = parseYaml(text) as {
        global: Record<string, string>;
        scrape_configs: ScrapeJob[];
      };
      for (const key of Object.keys(config.global)) config.global[key] = scrapeInterval;
      // Grafana cannot be had here; everything else that is scraped is.
      config.scrape_configs = config.scrape_configs
        .filter(({ job_name }) => job_name !== 'grafana')
        .concat(moreJobs);
      await writeFile(configFile, JSON.stringify(config));
      const flags = compose.services['prometheus']?.command ?? [];
      return [
        ...flags.map((flag) =>
          flag
            .replace('=/etc/prometheus/prometheus.yml', `=${configFile}`)
            .replace('path=/prometheus', `path=${join(dataFolder, 'data')}`),
        ),
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ];
    },
  });
}

function startScaler(grpcPort: number, onLoopback: (text: string) => string): Promise<RunningProgram> {
  const { environment = {} } = compose.services['forescale'] ?? {};
  const given = Object.entries(environment).map(([key, value]) => [
    key,
    onThisMachine('forescale', onLoopback(String(value))),
  ]);
  return startServerProcess({
    name: 'forescale',
    path: process.execPath,
    // Its state goes where it is cleaned up; a flag outranks the environment.
    args: (_, dataFolder) => [...commandOf('forescale'), '--state-dir', dataFolder],
    env: (port) => ({
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...Object.fromEntries(given),
      FORESCALE_GRPC_ADDRESS: `127.0.0.1:${grpcPort}`,
      FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
    }),
    readyPath: '/readyz',
  });
}

/** A service's command, its files where they are in the project: those of the image as sources. */
function commandOf(name: string): string[] {
  const [file = '', ...args] = compose.services[name]?.command ?? [];
  return [resolve(projectRoot, sourceOfBuilt(file)), ...args.map((arg) => onThisMachine(name, arg))];
}

function onThisMachine(name: string, text: string): string {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`compose.yaml has no service ${name}`);
  return bindMounts(service).reduce(
    (moved, { from, to }) => moved.replace(to, resolve(projectRoot, from)),
    text,
  );
}

async function runLoad(
  folder: string,
  onLoopback: (text: string) => string,
  variables: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { path } = await findProgram('k6', process.env);
  const service = compose.services['load'];
  if (service === undefined) throw new Error('compose.yaml has no service load');
  for (const { from, to } of bindMounts(service))
    cpSync(resolve(projectRoot, from), join(folder, to), { recursive: true });
  const given = Object.entries(service.environment ?? {})
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, onLoopback(String(value))]);
  const args = (service.command ?? []).map((arg) => (arg.startsWith('/') ? join(folder, arg) : arg));
  // Nothing else is in the environment of the container.
  return runCommand(path, args, { HOME: folder, ...Object.fromEntries(given), ...variables });
}

async function runCommand(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  try {
    const ended = within(commandDeadlineMs, once(child, 'close'), {
      error: () => new Error(`${program} ${args.join(' ')} did not end`),
    });
    const [exitCode] = (await ended) as [number | null];
    return { exitCode, output };
  } finally {
    child.kill('SIGKILL');
  }
}
