import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, quantile } from 'simple-statistics';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { number } from '../../src/platform/setting-values.ts';
import { type Lane, postRequest } from '../http/lane.ts';
import { roundSeconds, rounds } from '../http/round-flags.ts';
import { openSubjects, pairs, type Subject, throughput } from '../http/subject.ts';

const flags = {
  rounds: { ...rounds, default: '60' },
  roundSeconds,
  rate: {
    value: 'count',
    meaning: 'requests per second at which latency is measured',
    default: '500',
    ...number({ above: 0 }),
  },
} as const satisfies FlagTable;

const lanes = 32;
const tickMs = 10;
/** Bounds that the comparison has to keep. */
const leastThroughputRatio = 0.8;
const mostP99OverheadMs = 1;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const asked = { request: postRequest('/process', '["x"]'), answerEnds: '["x","a"]' };
const env = { APP_NAME: 'a', APP_HOST: '127.0.0.1', APP_PORT: '0', APP_DRAIN_SECONDS: '0' };

/** The p99 latency in ms at a rate far below the capacity of either server, so that requests do not wait for each other. */
async function p99Ms({ lanes: of }: Subject, roundMs: number, requestsPerSecond: number): Promise<number> {
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

async function run({ values }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { rounds, rate: requestsPerSecond } = values;
  const roundMs = values.roundSeconds * 1000;
  const { start, stop } = openSubjects(lanes, io.signal);
  try {
    const app = await start(fileOf('../../src/telemetry-app/main.ts'), asked, env);
    const bare = await start(fileOf('bare-app.ts'), asked, env);
    const measureRate = (of: Subject) => throughput(of, roundMs);
    // Warm-up: code is compiled and heaps have grown, as in a server after its first seconds.
    for (const one of [app, bare, app, bare]) await measureRate(one);

    const rates = await pairs(rounds, measureRate, { app, bare }, io.signal);
    const ratio = median(rates.map((pair) => pair.app.perSecond / pair.bare.perSecond));
    const cpuRatio = median(rates.map((pair) => pair.app.perCpuSecond / pair.bare.perCpuSecond));
    const measureP99 = (of: Subject) => p99Ms(of, roundMs, requestsPerSecond);
    const p99s = await pairs(rounds, measureP99, { app, bare }, io.signal);
    // Other work on the machine raises the p99 of a round, so the lower quartile over the rounds is compared.
    const quiet = (all: readonly number[]) => quantile([...all], 0.25);
    const appMs = quiet(p99s.map((pair) => pair.app));
    const bareMs = quiet(p99s.map((pair) => pair.bare));
    const overheadMs = appMs - bareMs;
    const middle = (all: readonly number[]) => median([...all]);
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
    io.stdout(`${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await stop();
  }
}

await runAlone(
  ownCommand({
    name: 'bench-app',
    description:
      'compare the telemetry app, with metrics on, with a bare Fastify route that gives the same answer',
    flags,
    notes: `Both are measured in turn, many times, so that other work on the machine affects both. The result is the median ratio over the
pairs, because ratios depend less on the machine than rates. Rounds are short, so that more of them are undisturbed.`,
    examples: ['npm run bench-app', 'npm run bench-app -- --rounds 10 --rate 1000'],
    act: run,
  }),
);
