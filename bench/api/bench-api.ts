import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, quantile } from 'simple-statistics';
import { type Asked, getRequest } from '../http/lane.ts';
import { pairs, type Subject, startSubject, throughput } from '../http/subject.ts';

/**
 * `npm run bench-api` compares `GET …/forecast` of one of a thousand workloads with a bare Fastify route in the same run, and measures
 * the list of all workloads. Each server is a process of its own; both are asked in turn, many times, so that other work on the
 * machine affects both. The exit code is 1 where a bound is not kept.
 */
const { values: flags } = parseArgs({
  options: {
    workloads: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '0.25' },
    lists: { type: 'string', default: '60' },
  },
});
const rounds = Number(flags.rounds);
const roundMs = Number(flags.seconds) * 1000;
const lanes = 32;

const leastThroughputRatio = 0.4;
const mostListKiB = 300;
const mostListMs = 50;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const forecastPath = '/api/v1/workloads/team-7/checkout-api-7/forecast';
const started: Subject[] = [];
async function start(file: string, asked: Asked, env: Record<string, string>): Promise<Subject> {
  const subject = await startSubject(fileOf(file), { asked, lanes, env });
  started.push(subject);
  return subject;
}

async function compared(app: Subject, bare: Subject) {
  const measure = (of: Subject) => throughput(of, roundMs);
  // Warm-up: code is compiled and heaps have grown, as in a server after its first seconds.
  for (const one of [app, bare, app, bare]) await measure(one);
  const rates = await pairs(rounds, measure, { app, bare });
  const middle = (of: (pair: (typeof rates)[number]) => number) => median(rates.map(of));
  return {
    appPerSecond: Math.round(middle((pair) => pair.app.perSecond)),
    barePerSecond: Math.round(middle((pair) => pair.bare.perSecond)),
    ratio: Number(middle((pair) => pair.app.perSecond / pair.bare.perSecond).toFixed(3)),
    ratioPerCpuSecond: Number(middle((pair) => pair.app.perCpuSecond / pair.bare.perCpuSecond).toFixed(3)),
  };
}

/** Reads the list of all workloads again and again, with pauses in which decisions are renewed. */
async function measureLists(port: number) {
  const url = `http://127.0.0.1:${port}/api/v1/workloads?limit=1000`;
  const took: number[] = [];
  let body = '';
  for (let index = 0; index < Number(flags.lists); index++) {
    const startedMs = performance.now();
    body = await (await fetch(url)).text();
    took.push(performance.now() - startedMs);
    await new Promise((resolve) => setTimeout(resolve, 250));
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

try {
  const app = await start(
    'api-app.ts',
    { request: getRequest(forecastPath) },
    { WORKLOADS: flags.workloads },
  );
  const list = await measureLists(app.port);
  const answer = await (await fetch(`http://127.0.0.1:${app.port}${forecastPath}`)).text();
  const env = { ANSWER_BYTES: String(Buffer.byteLength(answer)) };
  const small = await start('bare-route.ts', { request: getRequest('/small') }, env);
  const alike = await start('bare-route.ts', { request: getRequest('/alike') }, env);
  const forecast = {
    answerBytes: Buffer.byteLength(answer),
    besideSmallAnswer: await compared(app, small),
    besideAnswerAsLong: await compared(app, alike),
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
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (!isMet.forecast || !isMet.list) process.exitCode = 1;
} finally {
  for (const subject of started) await subject.stop();
}
