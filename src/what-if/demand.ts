import { hpaDefaults } from '../controllers/index.ts';

/** Distance of two ticks of virtual time: the HPA's sync period. */
export const tickSeconds = hpaDefaults.syncSeconds;
/** Distance of the rows that a model learns from: the default of `queryStep`. */
export const rowSeconds = 60;
export const ticksPerRow = rowSeconds / tickSeconds;

/** Rows of recorded demand; a missing row is a gap. */
export interface RecordedDemand {
  /** Unix seconds at which each value is known, rising. */
  readonly timestamps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly stepSeconds: number;
}

/** Demand in virtual time. */
export interface Demand {
  /** Unix seconds of the beginning of tick 0. */
  readonly firstSeconds: number;
  /** Mean demand in [first + i × tick, first + (i + 1) × tick); NaN = missing. */
  readonly ticks: Float64Array;
  /** Mean demand of a minute, row i for the `ticksPerRow` ticks from i × ticksPerRow on; NaN = missing. */
  readonly rows: Float64Array;
}

/** A gap begins where two rows are farther apart than this many steps. */
const gapSteps = 1.5;

/**
 * Recorded demand on ticks. A row of a minute or finer is the mean of the step before its timestamp. Coarser rows are joined by
 * straight lines from minute to minute. Throws a RangeError where there are fewer than two rows.
 */
export function demandOf(recorded: RecordedDemand): Demand {
  const { timestamps, stepSeconds } = recorded;
  if (timestamps.length < 2) throw new RangeError('a replay needs at least two rows of demand');
  const spanSeconds = Math.min(stepSeconds, rowSeconds);
  const firstSeconds = Math.floor((timestamps[0]! - spanSeconds) / rowSeconds) * rowSeconds;
  const lastSeconds = timestamps[timestamps.length - 1]!;
  const rowCount = Math.ceil((lastSeconds - firstSeconds) / rowSeconds);
  const ticks = new Float64Array(rowCount * ticksPerRow).fill(Number.NaN);
  if (stepSeconds > rowSeconds) joinRows(recorded, firstSeconds, ticks);
  else holdRows(recorded, firstSeconds, ticks);
  return { firstSeconds, ticks, rows: meansOfRows(ticks) };
}

/** Demand times a factor. */
export function scaled({ firstSeconds, ticks, rows }: Demand, factor: number): Demand {
  const times = (values: Float64Array) => values.map((value) => value * factor);
  return { firstSeconds, ticks: times(ticks), rows: times(rows) };
}

/** Each tick is the mean of the rows that end within it, or else the row that covers it. */
function holdRows(
  { timestamps, values, stepSeconds }: RecordedDemand,
  firstSeconds: number,
  ticks: Float64Array,
): void {
  let next = 0;
  for (let tick = 0; tick < ticks.length; tick++) {
    const endSeconds = firstSeconds + (tick + 1) * tickSeconds;
    let sum = 0;
    let count = 0;
    for (; next < timestamps.length && timestamps[next]! <= endSeconds; next++) {
      sum += values[next]!;
      count++;
    }
    const isCovered = next < timestamps.length && timestamps[next]! - stepSeconds < endSeconds;
    if (count > 0) ticks[tick] = sum / count;
    else if (isCovered) ticks[tick] = values[next]!;
  }
}

/** Each minute lies on the straight line between the rows around its end. */
function joinRows(
  { timestamps, values, stepSeconds }: RecordedDemand,
  firstSeconds: number,
  ticks: Float64Array,
): void {
  let next = 0;
  for (let tick = 0; tick < ticks.length; tick += ticksPerRow) {
    const atSeconds = firstSeconds + tick * tickSeconds + rowSeconds;
    while (next < timestamps.length - 1 && timestamps[next]! < atSeconds) next++;
    const before = Math.max(0, next - 1);
    const distance = timestamps[next]! - timestamps[before]!;
    if (distance > gapSteps * stepSeconds && atSeconds !== timestamps[next]!) continue;
    const share = distance === 0 ? 0 : (atSeconds - timestamps[before]!) / distance;
    ticks.fill(values[before]! + share * (values[next]! - values[before]!), tick, tick + ticksPerRow);
  }
}

function meansOfRows(ticks: Float64Array): Float64Array {
  const rows = new Float64Array(ticks.length / ticksPerRow);
  for (let row = 0; row < rows.length; row++) {
    rows[row] = meanOf(ticks, row * ticksPerRow, (row + 1) * ticksPerRow);
  }
  return rows;
}

/** Mean of the values that are there in [from, to); NaN where none is. */
export function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(0, from); i < to; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
