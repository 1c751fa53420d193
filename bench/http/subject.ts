import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { sum } from 'simple-statistics';
import { within } from '../../src/platform/deadline.ts';
import { type Asked, type Lane, openLane } from './lane.ts';

/** A server that is measured, a process of its own, and the connections to it. */
export interface Subject {
  readonly lanes: readonly Lane[];
  readonly port: number;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** Subjects that are stopped together. */
interface Subjects {
  start(file: string, asked: Asked, env: Record<string, string>): Promise<Subject>;
  stop(): Promise<void>;
}

export function openSubjects(lanes: number, signal: AbortSignal | undefined): Subjects {
  const started: Subject[] = [];
  return {
    async start(file, asked, env) {
      const subject = await startSubject(file, { asked, lanes, env, signal });
      started.push(subject);
      return subject;
    },
    async stop() {
      for (const subject of started) await subject.stop();
    },
  };
}

/** Starts a program that writes `{"msg":"listening","port":…}` to stderr, and opens connections to it. */
async function startSubject(
  file: string,
  {
    asked,
    lanes,
    env,
    signal,
  }: {
    readonly asked: Asked;
    readonly lanes: number;
    readonly env: Record<string, string>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Subject> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const opened: Lane[] = [];
  async function stop(): Promise<void> {
    for (const lane of opened) lane.close();
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  try {
    const port = await within(Number.POSITIVE_INFINITY, listeningPort(child, file), { signal });
    opened.push(...(await Promise.all(Array.from({ length: lanes }, () => openLane(port, asked)))));
    return { lanes: opened, port, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(child: ChildProcess, file: string): Promise<number> {
  return new Promise<number>((listening, failed) => {
    const { stderr } = child;
    if (stderr === null) throw new Error('stderr is piped');
    const lines: string[] = [];
    createInterface(stderr).on('line', (line) => {
      lines.push(line);
      const { msg, port } = line.startsWith('{') ? (JSON.parse(line) as { msg: string; port: number }) : {};
      if (msg === 'listening' && port !== undefined) listening(port);
    });
    child.once('exit', (code) =>
      failed(new Error(`${file} ended with ${code} before it listened:\n${lines.join('\n')}`)),
    );
  });
}

/** CPU time of all threads of a process so far, as the Linux kernel counts it in nanoseconds; NaN elsewhere. */
function cpuSeconds({ pid }: Subject): number {
  try {
    const threads = `/proc/${pid}/task`;
    const nanoseconds = readdirSync(threads).map((thread) =>
      Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return sum(nanoseconds) / 1e9;
  } catch {
    return Number.NaN;
  }
}

export interface Throughput {
  readonly perSecond: number;
  /** Requests per second of CPU time of the server, which depends neither on the client nor on other processes. */
  readonly perCpuSecond: number;
}

const askedAtOnce = 4;

/** Measures throughput while each connection sends its next request as soon as the last one is answered. */
export async function throughput(of: Subject, roundMs: number): Promise<Throughput> {
  const cpuBefore = cpuSeconds(of);
  let answered = 0;
  const startedMs = performance.now();
  const askOn = async (lane: Lane) => {
    while (performance.now() - startedMs < roundMs) {
      await lane.ask();
      answered++;
    }
  };
  await Promise.all(of.lanes.flatMap((lane) => Array.from({ length: askedAtOnce }, () => askOn(lane))));
  return {
    perSecond: (answered / (performance.now() - startedMs)) * 1000,
    perCpuSecond: answered / (cpuSeconds(of) - cpuBefore),
  };
}

/** Measures two servers in pairs, of which every other one begins with the bare one, so that other work affects both. */
export async function pairs<T>(
  rounds: number,
  measure: (of: Subject) => Promise<T>,
  { app, bare }: { readonly app: Subject; readonly bare: Subject },
  signal: AbortSignal | undefined,
): Promise<readonly { readonly app: T; readonly bare: T }[]> {
  const seen: { app: T; bare: T }[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofPair = async () => {
      const bareFirst = round % 2 === 0 ? await measure(bare) : undefined;
      const ofApp = await measure(app);
      return { app: ofApp, bare: bareFirst ?? (await measure(bare)) };
    };
    seen.push(await within(Number.POSITIVE_INFINITY, ofPair(), { signal }));
  }
  return seen;
}
