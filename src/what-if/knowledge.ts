import {
  createForecaster,
  type Forecaster,
  type ModelOptions,
  type RowFollower,
} from '../forecast/core/index.ts';
import { type Demand, meanOf, rowSeconds, tickSeconds, ticksPerRow } from './demand.ts';

/** What can be known at one moment. The same object moves on from tick to tick. */
export interface Knowledge {
  /** Unix seconds of the tick. */
  readonly nowSeconds: number;
  /** Demand as the source shows it now: a mean over its rate window, as of the newest scrape. NaN where it shows nothing. */
  readonly observed: number;
  /** Rows as the source's history has them, one a minute, of which the first `rowCount` are known; NaN = missing. */
  readonly rows: Float64Array;
  readonly rowCount: number;
  /** Unix seconds of the beginning of row 0; row i ends `rowSeconds` × (i + 1) later. */
  readonly firstSeconds: number;
  /** The forecaster that serves, which has learned the rows that have settled. */
  forecaster(): Forecaster;
  /** Lets something learn from the same rows; to be called before the first of them is learned. */
  follow(follower: RowFollower): void;
}

/** How late demand is known. */
export interface Sight {
  /** Span of time that one observed value sums up, seconds: the query's rate window. */
  readonly rateWindowSeconds: number;
  /** Age of the newest scrape, seconds: how old the newest observed demand is. */
  readonly scrapeIntervalSeconds: number;
  /** Age from which the server reads a row: its `timing.settle`. Others read it with the next scrape. */
  readonly settleSeconds: number;
  readonly model?: ModelOptions | undefined;
}

/** What is known of some demand at tick after tick; `moveTo` goes forward only. */
export function createKnowledge(
  demand: Demand,
  { rateWindowSeconds, scrapeIntervalSeconds, settleSeconds, model = {} }: Sight,
): Knowledge & { moveTo(tick: number): void } {
  const { firstSeconds, ticks } = demand;
  const lateTicks = Math.ceil(scrapeIntervalSeconds / tickSeconds);
  const settleTicks = Math.ceil(settleSeconds / tickSeconds);
  const windowTicks = Math.max(1, Math.round(rateWindowSeconds / tickSeconds));
  const rows = rowsOver(demand, windowTicks);
  let nowSeconds = firstSeconds;
  let observed = Number.NaN;
  let rowCount = 0;
  let settledRows = 0;
  let learned = 0;
  let learner: Forecaster | undefined;
  const followers: RowFollower[] = [];

  return {
    rows,
    firstSeconds,
    get nowSeconds() {
      return nowSeconds;
    },
    get observed() {
      return observed;
    },
    get rowCount() {
      return rowCount;
    },
    forecaster() {
      learner ??= createForecaster({ ...model, stepSeconds: rowSeconds });
      for (; learned < settledRows; learned++) {
        const value = rows[learned]!;
        const endSeconds = firstSeconds + (learned + 1) * rowSeconds;
        for (const follower of followers) follower.follow(endSeconds, value, learner);
        if (!Number.isNaN(value)) learner.observe(endSeconds, value);
      }
      return learner;
    },
    follow(follower) {
      if (learned > 0) throw new Error('a follower came after the first row');
      followers.push(follower);
    },
    moveTo(tick) {
      nowSeconds = firstSeconds + tick * tickSeconds;
      const known = Math.max(0, tick - lateTicks);
      observed = meanOf(ticks, known - windowTicks, known);
      rowCount = Math.floor(known / ticksPerRow);
      settledRows = Math.floor(Math.max(0, Math.min(known, tick - settleTicks)) / ticksPerRow);
    },
  };
}

/** Rows of the history of a query that sums up `windowTicks`; those of a minute are the demand's own. */
function rowsOver({ rows, ticks }: Demand, windowTicks: number): Float64Array {
  if (windowTicks === ticksPerRow) return rows;
  return rows.map((row, i) => {
    const end = (i + 1) * ticksPerRow;
    return Number.isNaN(row) ? row : meanOf(ticks, end - windowTicks, end);
  });
}
