import { type CsvOptions, readCsvHistory } from '../history/csv.ts';
import { alignDown } from '../history/http/ranges/range-chunks.ts';
import type { History } from '../history/source.ts';
import { createTraffic } from '../load-shapes/index.ts';
import { type MadeTraffic, madeStepSeconds } from './made-traffic.ts';
import { integrateRates, type Series } from './series.ts';

/** What is seeded: a history from a CSV file, or a made one, under a name. */
export interface SeedPlan extends MadeTraffic, Omit<CsvOptions, 'stepSeconds'> {
  /** The CSV file; undefined = the history is made. */
  readonly csv: string | undefined;
  /** Length of a made history. */
  readonly days: number;
  /** Distance of the rows; undefined = that of the CSV's rows, or the usual one of a made history. */
  readonly stepSeconds: number | undefined;
  /** Unix seconds of the last row; undefined = the last whole step before `nowSeconds`. */
  readonly untilSeconds: number | undefined;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly as: Series['kind'];
}

/** Makes or reads the series that a plan describes. */
export async function seedSeries(
  plan: SeedPlan,
  options: {
    readonly nowSeconds: number;
    readonly stdin?: AsyncIterable<Uint8Array> | undefined;
    readonly signal?: AbortSignal | undefined;
    /** Called with each remark on how the file was understood. */
    readonly onWarning?: (warning: string) => void;
  },
): Promise<Series> {
  const { csv, metric, labels, as: kind } = plan;
  const {
    timestamps,
    values,
    stepSeconds: distance,
  } = csv === undefined
    ? workingWeek(plan, options.nowSeconds)
    : moved(await readFile(csv, plan, options), plan, options.nowSeconds);
  return {
    metric,
    labels,
    kind,
    timestamps,
    values: kind === 'counter' ? integrateRates(values, distance) : values,
  };
}

async function readFile(
  csv: string,
  { stepSeconds, column, timeColumn, decimalMark }: SeedPlan,
  { stdin, signal, onWarning }: Parameters<typeof seedSeries>[1],
): Promise<History> {
  const how = { stepSeconds, column, timeColumn, decimalMark };
  const history = await readCsvHistory(csv, { ...how, stdin, signal });
  for (const warning of history.warnings) onWarning?.(warning);
  return history;
}

function untilOf({ untilSeconds }: SeedPlan, stepSeconds: number, nowSeconds: number): number {
  return untilSeconds ?? alignDown(nowSeconds, stepSeconds);
}

/** Moves the rows in time so that the last one is at the plan's end. */
function moved(history: History, plan: SeedPlan, nowSeconds: number): History {
  const shift = untilOf(plan, history.stepSeconds, nowSeconds) - (history.timestamps.at(-1) ?? 0);
  return { ...history, timestamps: history.timestamps.map((unixSeconds) => unixSeconds + shift) };
}

function workingWeek(plan: SeedPlan, nowSeconds: number): History {
  const { days, growthPerWeek, stepSeconds = madeStepSeconds } = plan;
  const untilSeconds = untilOf(plan, stepSeconds, nowSeconds);
  const growth = { ratioPerWeek: growthPerWeek, fromSeconds: untilSeconds };
  const rateAt = createTraffic({ ...plan, growth });
  const rows = Math.floor((days * 86_400) / stepSeconds) + 1;
  const timestamps = Float64Array.from(
    { length: rows },
    (_, row) => untilSeconds - (rows - 1 - row) * stepSeconds,
  );
  return { stepSeconds, timestamps, values: timestamps.map(rateAt), warnings: [] };
}
