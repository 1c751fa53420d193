import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, quantile, sum } from 'simple-statistics';
import { type Lane, openLane } from './http-pressure.ts';

/**
 * `npm run bench-app` compares the telemetry app, with metrics on, with a bare Fastify route that gives the same answer. Both
 * are measured in turn, many times, so that other work on the machine affects both. The result is the median ratio over the
 * pairs, because ratios depend less on the machine than rates. Rounds are short, so that more of them are undisturbed.
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '0.25' },
    rate: { type: 'string', default: '500' },
  },
});
const rounds = Number(flags.rounds);
const roundMs = Number(flags.seconds) * 1000;
const requestsPerSecond = Number(flags.rate);

const lanes = 32;
const askedAtOnce = 4;
const tickMs = 10;
/** Bounds that the comparison has to keep; the exit code is 1 otherwise. */
const leastThroughputRatio = 0.8;
const mostP99OverheadMs = 1;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const children: ChildProcess[] = [];

interface Subject {
  readonly lanes: readonly Lane[];
  readonly pid: number | undefined;
}

async function start(file: string): Promise<Subject> {
  const child = spawn(process.execPath, [file], {
    env: { APP_NAME: 'a', APP_HOST: '127.0.0.1', APP_PORT: '0', APP_DRAIN_SECONDS: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  const port = new Promise<number>((listening, failed) => {
    createInterface(child.stderr).on('line', (line) => {
      const { msg, port } = JSON.parse(line) as { msg: string; port: number };
      if (msg === 'listening') listening(port);
    });
    child.once('exit', (code) => failed(new Error(`${file} ended with ${code} before it listened`)));
  });
  const opened = Array.from({ length: lanes }, async () => openLane(await port));
  return { lanes: await Promise.all(opened), pid: child.pid };
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

interface Throughput {
  readonly perSecond: number;
  /** Requests per second of CPU time of the server, which depends neither on the client nor on other processes. */
  readonly perCpuSecond: number;
}

/** Measures throughput while each connection sends its next request as soon as the last one is answered. */
async function throughput(of: Subject): Promise<Throughput> {
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

/** The p99 latency in ms at a rate far below the capacity of either server, so that requests do not wait for each other. */
async function p99Ms({ lanes: of }: Subject): Promise<number> {
  const latencies: number[] = [];
  const asking: Promise<void>[] = [];
  const startedMs = performance.now();
  const askOne = async (lane: Lane | undefined) => {
    const sentMs = performance.now();
    await lane?.ask();
    latencies.push(performance.now() - sentMs);
  };
  let sent = 0;
  while (performance.now() - startedMs < roundMs) {
    const due = ((performance.now() - startedMs) / 1000) * requestsPerSecond;
    for (; sent < due; sent++) asking.push(askOne(of[sent % of.length]));
    await sleep(tickMs);
  }
  await Promise.all(asking);
  return quantile(latencies, 0.99);
}

/** Runs `measure` on the app and on the bare route in pairs, of which every other one begins with the bare route. */
async function pairs<T>(measure: (of: Subject) => Promise<T>, app: Subject, bare: Subject) {
  const seen: { app: T; bare: T }[] = [];
  for (let round = 0; round < rounds; round++) {
    const bareFirst = round % 2 === 0 ? await measure(bare) : undefined;
    const ofApp = await measure(app);
    seen.push({ app: ofApp, bare: bareFirst ?? (await measure(bare)) });
  }
  return seen;
}

try {
  const app = await start(fileOf('../../src/telemetry-app/main.ts'));
  const bare = await start(fileOf('bare-app.ts'));
  // Warm-up: code is compiled and heaps have grown, as in a server after its first seconds.
  for (const one of [app, bare, app, bare]) await throughput(one);

  const rates = await pairs(throughput, app, bare);
  const ratio = median(rates.map((pair) => pair.app.perSecond / pair.bare.perSecond));
  const cpuRatio = median(rates.map((pair) => pair.app.perCpuSecond / pair.bare.perCpuSecond));
  const p99s = await pairs(p99Ms, app, bare);
  // Other work on the machine raises the p99 of a round, so the lower quartile over the rounds is compared.
  const quiet = (values: readonly number[]) => quantile([...values], 0.25);
  const appMs = quiet(p99s.map((pair) => pair.app));
  const bareMs = quiet(p99s.map((pair) => pair.bare));
  const overheadMs = appMs - bareMs;
  const middle = (values: readonly number[]) => median([...values]);
  const report = {
    throughput: {
      appPerSecond: Math.round(middle(rates.map((pair) => pair.app.perSecond))),
      barePerSecond: Math.round(middle(rates.map((pair) => pair.bare.perSecond))),
      ratio: Number(ratio.toFixed(3)),
      ratioPerCpuSecond: Number(cpuRatio.toFixed(3)),
      wanted: `at least ${leastThroughputRatio}`,
      isMet: ratio >= leastThroughputRatio && !(cpuRatio < leastThroughputRatio),
    },
    p99: {
      requestsPerSecond,
      appMs: Number(appMs.toFixed(3)),
      bareMs: Number(bareMs.toFixed(3)),
      overheadMs: Number(overheadMs.toFixed(3)),
      wanted: `at most ${mostP99OverheadMs} ms`,
      isMet: overheadMs <= mostP99OverheadMs,
    },
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  for (const lane of [...app.lanes, ...bare.lanes]) lane.close();
} finally {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
}
