import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, quantile } from 'simple-statistics';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { whole } from '../../src/platform/setting-values.ts';
import { getRequest } from '../http/lane.ts';
import { roundSeconds, rounds } from '../http/round-flags.ts';
import { openSubjects, pairs, type Subject, throughput } from '../http/subject.ts';

const flags = {
  workloads: {
    value: 'count',
    meaning: 'workloads of the server',
    default: '1000',
    // The forecast that is asked for is that of number 7.
    ...whole({ from: 8, to: 100_000 }),
  },
  rounds: { ...rounds, default: '40' },
  roundSeconds,
  lists: {
    value: 'count',
    meaning: 'times that the list of all workloads is read',
    default: '60',
    ...whole({ from: 1 }),
  },
} as const satisfies FlagTable;

const lanes = 32;

const leastThroughputRatio = 0.4;
const mostListKiB = 300;
const mostListMs = 50;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const forecastPath = '/api/v1/workloads/team-7/checkout-api-7/forecast';
interface Rounds {
  readonly rounds: number;
  readonly roundMs: number;
  readonly signal: AbortSignal | undefined;
}

async function compared(
  { app, bare }: { readonly app: Subject; readonly bare: Subject },
  { rounds, roundMs, signal }: Rounds,
) {
  const measure = (of: Subject) => throughput(of, roundMs);
  // Warm-up: code is compiled and heaps have grown, as in a server after its first seconds.
  for (const one of [app, bare, app, bare]) await measure(one);
  const rates = await pairs(rounds, measure, { app, bare }, signal);
  const middle = (of: (pair: (typeof rates)[number]) => number) => median(rates.map(of));
  return {
    appPerSecond: Math.round(middle((pair) => pair.app.perSecond)),
    barePerSecond: Math.round(middle((pair) => pair.bare.perSecond)),
    ratio: Number(middle((pair) => pair.app.perSecond / pair.bare.perSecond).toFixed(3)),
    ratioPerCpuSecond: Number(middle((pair) => pair.app.perCpuSecond / pair.bare.perCpuSecond).toFixed(3)),
  };
}

/** Reads the list of all workloads again and again, with pauses in which decisions are renewed. */
async function measureLists(port: number, lists: number, signal: AbortSignal | undefined) {
  const url = `http://127.0.0.1:${port}/api/v1/workloads?limit=1000`;
  const took: number[] = [];
  let body = '';
  for (let index = 0; index < lists; index++) {
    const startedMs = performance.now();
    body = await (await fetch(url, { signal: signal ?? null })).text();
    took.push(performance.now() - startedMs);
    await sleep(250, undefined, { signal });
  }
  const { workloads } = JSON.parse(body) as { workloads: unknown[] };
  return {
    workloads: workloads.length,
    kiB: Number((Buffer.byteLength(body) / 1024).toFixed(1)),
    firstMs: Number((took[0] ?? Number.NaN).toFixed(1)),
    medianMs: Number(median(took).toFixed(1)),
    p90Ms: Number(quantile(took, 0.9).toFixed(1)),
  };
}

async function run({ values }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { signal } = io;
  const rounds: Rounds = { rounds: values.rounds, roundMs: values.roundSeconds * 1000, signal };
  const { start, stop } = openSubjects(lanes, signal);
  try {
    const app = await start(
      fileOf('api-app.ts'),
      { request: getRequest(forecastPath) },
      { WORKLOADS: String(values.workloads) },
    );
    const list = await measureLists(app.port, values.lists, signal);
    const answer = await (await fetch(`http://127.0.0.1:${app.port}${forecastPath}`)).text();
    const bare = (path: string) =>
      start(
        fileOf('bare-route.ts'),
        { request: getRequest(path) },
        { ANSWER_BYTES: String(Buffer.byteLength(answer)) },
      );
    const small = await bare('/small');
    const alike = await bare('/alike');
    const forecast = {
      answerBytes: Buffer.byteLength(answer),
      besideSmallAnswer: await compared({ app, bare: small }, rounds),
      besideAnswerAsLong: await compared({ app, bare: alike }, rounds),
      wanted: `a ratio of at least ${leastThroughputRatio}`,
    };
    const isMet = {
      forecast: forecast.besideSmallAnswer.ratio >= leastThroughputRatio,
      list: list.kiB <= mostListKiB && list.medianMs <= mostListMs,
    };
    const report = {
      forecast: { ...forecast, isMet: isMet.forecast },
      list: { ...list, wanted: `at most ${mostListKiB} KiB and ${mostListMs} ms`, isMet: isMet.list },
    };
    io.stdout(`${JSON.stringify(report, null, 2)}\n`);
    if (!isMet.forecast || !isMet.list) throw new Error('a bound is not kept');
  } finally {
    await stop();
  }
}

await runAlone(
  ownCommand({
    name: 'bench-api',
    description:
      'compare GET …/forecast with a bare Fastify route in the same run, and measure the list of all workloads',
    flags,
    notes: `Each server is a process of its own; both are asked in turn, many times, so that other work on the machine affects both. The exit code
is 1 where a bound is not kept.`,
    examples: ['npm run bench-api', 'npm run bench-api -- --workloads 100 --rounds 10 --lists 10'],
    act: run,
  }),
);
