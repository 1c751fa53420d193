import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, quantile } from 'simple-statistics';
import { type Lane, postRequest } from '../http/lane.ts';
import { pairs, type Subject, startSubject, throughput } from '../http/subject.ts';

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
const tickMs = 10;
/** Bounds that the comparison has to keep; the exit code is 1 otherwise. */
const leastThroughputRatio = 0.8;
const mostP99OverheadMs = 1;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const asked = { request: postRequest('/process', '["x"]'), answerEnds: '["x","a"]' };
const env = { APP_NAME: 'a', APP_HOST: '127.0.0.1', APP_PORT: '0', APP_DRAIN_SECONDS: '0' };

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

const started: Subject[] = [];
const start = async (file: string) => {
  const subject = await startSubject(fileOf(file), { asked, lanes, env });
  started.push(subject);
  return subject;
};

try {
  const app = await start('../../src/telemetry-app/main.ts');
  const bare = await start('bare-app.ts');
  const measureRate = (of: Subject) => throughput(of, roundMs);
  // Warm-up: code is compiled and heaps have grown, as in a server after its first seconds.
  for (const one of [app, bare, app, bare]) await measureRate(one);

  const rates = await pairs(rounds, measureRate, { app, bare });
  const ratio = median(rates.map((pair) => pair.app.perSecond / pair.bare.perSecond));
  const cpuRatio = median(rates.map((pair) => pair.app.perCpuSecond / pair.bare.perCpuSecond));
  const p99s = await pairs(rounds, p99Ms, { app, bare });
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
} finally {
  for (const subject of started) await subject.stop();
}
