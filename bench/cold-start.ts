import type { CommandIo } from '../src/cli/command-io.ts';
import { everyText, type FlagReading, type FlagTable } from '../src/cli/flags.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';
import { createForecaster, type Forecaster } from '../src/forecast/core/index.ts';
import { type JudgedSpan, judgedSpanOf } from '../src/forecast/snapshots/far-past.ts';
import { number } from '../src/platform/setting-values.ts';
import { createPlayedService, type PlayedService } from '../src/scaler/service-level/played-service.ts';
import { readTrace, traceFiles } from './replay/trace.ts';
import { pinballLoss } from './scores/score-bounds.ts';

const flags = {
  folders: {
    name: 'folder',
    isArgument: true,
    isRepeatable: true,
    meaning: 'folders of traces (*.csv)',
    isRequired: true,
    ...everyText,
  },
  judgedDays: {
    value: 'days',
    meaning: 'days at the end of a history that are judged',
    absent: 'as a server does',
    ...number({ above: 0 }),
  },
} as const satisfies FlagTable;

const daySeconds = 86_400;
const historyDays = 28;
const comparedDays = 1.5;
const startsPerTrace = 3;
const horizonsSeconds = [300, 3600, 6 * 3600, 12 * 3600, daySeconds];
const levels = [0.9, 0.99];

interface Row {
  readonly seconds: number;
  readonly value: number;
}

/** Sums over the moments after one start, by what they measure. */
type Sums = Map<string, number>;

/** Learns the past, all of it judged or its end, and follows the next days. */
function sumsAfterStart(
  past: readonly Row[],
  next: readonly Row[],
  stepSeconds: number,
  judged: JudgedSpan | undefined,
): Sums {
  const forecaster = createForecaster({ stepSeconds });
  const service = playedService(past, stepSeconds);
  forecaster.judgeFrom(judged?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  service.countFrom(judged?.calibratedSeconds ?? Number.NEGATIVE_INFINITY);
  const learn = ({ seconds, value }: Row, isFollowed: boolean) => {
    if (isFollowed) service.follow(seconds, value, forecaster);
    forecaster.observe(seconds, value);
  };
  for (const row of past) learn(row, judged === undefined || row.seconds >= judged.followedSeconds);
  const sums: Sums = new Map();
  const before = service.served()?.total();
  const truth = new Map([...past, ...next].map(({ seconds, value }) => [seconds, value]));
  for (const row of next) {
    addErrors(sums, forecaster, truth);
    learn(row, true);
  }
  const after = service.served()?.total();
  for (const part of ['shortSeconds', 'replicaSeconds'] as const)
    sums.set(part, (after?.forescale[part] ?? 0) - (before?.forescale[part] ?? 0));
  return sums;
}

function playedService(past: readonly Row[], stepSeconds: number): PlayedService {
  const threshold = past.reduce((sum, { value }) => sum + value, 0) / past.length / 10;
  return createPlayedService({
    ...{ threshold, capacity: threshold, hpaTolerance: 0.1, knowsReplicas: false, serviceLevel: 0.99 },
    ...{ windowSeconds: Math.max(600, 2 * stepSeconds), leadTimeSeconds: 300, settleSeconds: stepSeconds },
    ...{ seasonSeconds: daySeconds, rateWindowSeconds: 120, scrapeIntervalSeconds: 15 },
  });
}

function addErrors(sums: Sums, forecaster: Forecaster, truth: ReadonlyMap<number, number>): void {
  const { gridSeconds, newestSeconds } = forecaster;
  const forecast = forecaster.forecast({ horizonSteps: daySeconds / gridSeconds, quantiles: levels });
  if (forecast.status !== 'ok') return;
  const add = (name: string, value: number) => sums.set(name, (sums.get(name) ?? 0) + value);
  for (const seconds of horizonsSeconds) {
    const index = Math.max(1, Math.round(seconds / gridSeconds)) - 1;
    const came = truth.get(newestSeconds + (index + 1) * gridSeconds);
    if (came === undefined) continue;
    add(`error ${seconds} s`, Math.abs(came - (forecast.median[index] ?? Number.NaN)));
    for (const level of levels)
      add(`pinball ${level}`, pinballLoss(came, forecast.quantiles[level]?.[index] ?? Number.NaN, level));
  }
}

/** Logarithms of the ratios, those that judged the end to those that judged all, of one trace. */
async function ratiosOf(path: string, givenDays: number | undefined): Promise<Sums | undefined> {
  const { grid, days } = await readTrace(path);
  const { stepSeconds } = grid;
  const rows = Array.from(grid.values, (value, index) => ({
    seconds: grid.firstSeconds + index * stepSeconds,
    value,
  }));
  const known = rows.filter(({ value }) => !Number.isNaN(value));
  const all: Sums = new Map();
  const end: Sums = new Map();
  const firstDays = Math.min(14, 0.6 * days);
  for (let start = 0; start < startsPerTrace; start++) {
    const share = (start + 0.37) / startsPerTrace;
    const at = grid.firstSeconds + (firstDays + share * (days - comparedDays - firstDays)) * daySeconds;
    const between = (from: number, to: number) =>
      known.filter(({ seconds }) => seconds > from && seconds <= to);
    const past = between(at - historyDays * daySeconds, at);
    const next = between(at, at + comparedDays * daySeconds);
    const { judgedSeconds, calibratedSeconds } = createForecaster({ stepSeconds });
    const judgedDays = givenDays ?? judgedSeconds / daySeconds;
    const judged = judgedSpanOf(
      { judgedSeconds: judgedDays * daySeconds, calibratedSeconds, stepSeconds },
      Float64Array.from(past, ({ seconds }) => seconds),
    );
    if (judged === undefined) continue;
    for (const [sums, span] of [
      [all, undefined],
      [end, judged],
    ] as const)
      for (const [name, sum] of sumsAfterStart(past, next, stepSeconds, span))
        sums.set(name, (sums.get(name) ?? 0) + sum);
  }
  const ratios = [...all]
    // Plays of a short end may have counted nothing yet.
    .filter(([name, sum]) => sum > 0 && (end.get(name) ?? 0) > 0)
    .map(([name, sum]) => [name, Math.log((end.get(name) ?? 0) / sum)] as const);
  return ratios.length === 0 ? undefined : new Map(ratios);
}

const inPercent = (logarithm: number) => `${(100 * Math.expm1(logarithm)).toFixed(2)} %`;

async function run({ values }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const byName = new Map<string, number[]>();
  for (const folder of values.folders) {
    for (const path of await traceFiles(folder)) {
      const ratios = await ratiosOf(path, values.judgedDays);
      if (ratios === undefined) continue;
      io.stdout(
        `${path.replace(/^.*\//, '')}: ${[...ratios].map(([name, ratio]) => `${name} ${inPercent(ratio)}`).join(', ')}\n`,
      );
      for (const [name, ratio] of ratios) byName.set(name, [...(byName.get(name) ?? []), ratio]);
    }
  }
  for (const [name, ratios] of byName) {
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    io.stdout(`mean of ${ratios.length}: ${name} ${inPercent(mean)}\n`);
  }
}

await runAlone(
  ownCommand({
    name: 'cold-start',
    description:
      'compare a start that judges the end of a history only with one that judges all of it (docs/adr/0027)',
    flags,
    examples: [
      'node bench/cold-start.ts bench/traces',
      'node bench/cold-start.ts bench/traces --judged-days 9',
    ],
    act: run,
  }),
);
