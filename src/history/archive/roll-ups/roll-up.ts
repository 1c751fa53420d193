/** Usual length of a roll-up: what the model's grid has. Rows that are farther apart are kept as they are. */
const usualRollUpSeconds = 300;

/** Length of the roll-ups of rows with that distance, seconds. */
export function rollUpSecondsOf(stepSeconds: number): number {
  return Math.max(stepSeconds, usualRollUpSeconds);
}

/** What is kept of the rows in (atSeconds − length, atSeconds]. Demand is in the unit of the query. */
export interface RollUp {
  /** Unix seconds: a multiple of the length, or the time of the row where rows are as far apart or farther. */
  readonly atSeconds: number;
  readonly mean: number;
  /** The largest of the rows. */
  readonly peak: number;
  /** Number of the rows, at least 1; fewer than there might be where some are missing. */
  readonly rows: number;
  /** Demand may have been higher, at one of the rows at least. */
  readonly isCensored: boolean;
}

/** Rows of one series, in order of time. */
interface Rows {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly isCensored?: Uint8Array;
}

/** Rolls up rows as they come. */
export interface RollUps {
  /**
   * Takes the rows of the span (fromSeconds, toSeconds], which follows on the one before, and gives the roll-ups that are complete. One
   * that began before the first span, or whose rows were not all asked for, is none.
   */
  add(rows: Rows, fromSeconds: number, toSeconds: number): RollUp[];
}

export function createRollUps(stepSeconds: number): RollUps {
  return new RowsRolledUp(stepSeconds);
}

/** A class, as StartingFleet of the controllers is. */
class RowsRolledUp implements RollUps {
  readonly #lengthSeconds: number;
  readonly #isRow: boolean;
  /** Time up to which rows are known without a gap, and the time from which on they are. */
  #knownFrom = Number.NaN;
  #knownTo = Number.NaN;
  #open = emptyAt(Number.NEGATIVE_INFINITY);

  constructor(stepSeconds: number) {
    this.#lengthSeconds = rollUpSecondsOf(stepSeconds);
    this.#isRow = this.#lengthSeconds === stepSeconds;
  }

  add({ timestamps, values, isCensored }: Rows, fromSeconds: number, toSeconds: number): RollUp[] {
    const closed: RollUp[] = [];
    if (fromSeconds !== this.#knownTo) {
      this.#open = emptyAt(Number.NEGATIVE_INFINITY);
      this.#knownFrom = fromSeconds;
    }
    this.#knownTo = toSeconds;
    const lengthSeconds = this.#lengthSeconds;
    for (let index = 0; index < timestamps.length; index++) {
      const at = timestamps[index] ?? Number.NaN;
      const value = values[index] ?? Number.NaN;
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) continue;
      const end = this.#isRow ? at : Math.ceil(at / lengthSeconds) * lengthSeconds;
      if (end !== this.#open.atSeconds) {
        this.#close(closed);
        this.#open = emptyAt(end);
      }
      const open = this.#open;
      open.sum += value;
      open.peak = Math.max(open.peak, value);
      open.rows++;
      open.isCensored ||= isCensored?.[index] === 1;
    }
    if (this.#open.atSeconds <= toSeconds) this.#close(closed);
    return closed;
  }

  #close(closed: RollUp[]): void {
    const { atSeconds, sum, peak, rows, isCensored } = this.#open;
    this.#open = emptyAt(Number.NEGATIVE_INFINITY);
    if (rows === 0 || (!this.#isRow && atSeconds - this.#lengthSeconds < this.#knownFrom)) return;
    closed.push({ atSeconds, mean: sum / rows, peak, rows, isCensored });
  }
}

function emptyAt(atSeconds: number) {
  return { atSeconds, sum: 0, peak: 0, rows: 0, isCensored: false };
}
