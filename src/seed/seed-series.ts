import { readCsvHistory } from '../history/csv.ts';
import { alignDown } from '../history/http/range-chunks.ts';
import type { History } from '../history/source.ts';
import { createTraffic } from '../load-shapes/index.ts';
import type { MadeTraffic } from './made-traffic.ts';
import { integrateRates, type Series } from './series.ts';

/** Where the values of a seeded series come from. */
export type SeedValues =
  | { readonly kind: 'csv'; readonly path: string; readonly stepSeconds: number | undefined }
  | {
      readonly kind: 'working-week';
      readonly days: number;
      readonly stepSeconds: number;
      readonly traffic: MadeTraffic;
    };

export interface SeedPlan {
  readonly values: SeedValues;
  /** Unix seconds of the last row; undefined = the last whole step before `nowSeconds`. */
  readonly untilSeconds: number | undefined;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: Series['kind'];
}

/** Makes or reads the series that a plan describes. */
export async function seedSeries(
  plan: SeedPlan,
  options: {
    readonly nowSeconds: number;
    readonly stdin?: AsyncIterable<Uint8Array> | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Series> {
  const { values, metric, labels, kind } = plan;
  const history =
    values.kind === 'csv'
      ? moved(
          await readCsvHistory(values.path, { ...options, stepSeconds: values.stepSeconds }),
          plan,
          options.nowSeconds,
        )
      : workingWeek(values, untilOf(plan, values.stepSeconds, options.nowSeconds));
  return {
    metric,
    labels,
    kind,
    timestamps: history.timestamps,
    values: kind === 'counter' ? integrateRates(history.values, history.stepSeconds) : history.values,
  };
}

function untilOf({ untilSeconds }: SeedPlan, stepSeconds: number, nowSeconds: number): number {
  return untilSeconds ?? alignDown(nowSeconds, stepSeconds);
}

/** Moves the rows in time so that the last one is at the plan's end. */
function moved(history: History, plan: SeedPlan, nowSeconds: number): History {
  const shift = untilOf(plan, history.stepSeconds, nowSeconds) - (history.timestamps.at(-1) ?? 0);
  return { ...history, timestamps: history.timestamps.map((unixSeconds) => unixSeconds + shift) };
}

function workingWeek(
  { days, stepSeconds, traffic }: Extract<SeedValues, { kind: 'working-week' }>,
  untilSeconds: number,
): History {
  const growth = { ratioPerWeek: traffic.growthPerWeek, fromSeconds: untilSeconds };
  const rateAt = createTraffic({ ...traffic, growth });
  const rows = Math.floor((days * 86_400) / stepSeconds) + 1;
  const timestamps = Float64Array.from(
    { length: rows },
    (_, row) => untilSeconds - (rows - 1 - row) * stepSeconds,
  );
  return { stepSeconds, timestamps, values: timestamps.map(rateAt), warnings: [] };
}
