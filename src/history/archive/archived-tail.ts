import type { HistoryTail } from '../tail.ts';
import { createRollUps, type RollUp, type RollUps, rollUpSecondsOf } from './roll-ups/roll-up.ts';
import { type MadeRows, rowsOf } from './roll-ups/rows-of.ts';

/** The archive of one series, whose roll-ups all have the same length. */
export interface SeriesArchive {
  /** Takes roll-ups, in order of time. */
  note(rollUps: readonly RollUp[]): void;
  /** Roll-ups in (fromSeconds, toSeconds], in order of time. Never rejects. */
  read(fromSeconds: number, toSeconds: number): Promise<readonly RollUp[]>;
  /** Unix seconds of the oldest roll-up that is kept; undefined while that is not known. */
  oldestSeconds(): number | undefined;
}

/**
 * A history that is archived as it is read, and that begins in the archive where the source no longer has its beginning. Rows come
 * from the source wherever it has them.
 */
export function archivedTail(
  tail: HistoryTail,
  archive: SeriesArchive,
  { stepSeconds }: { readonly stepSeconds: number },
): HistoryTail {
  return new ArchivedTail(tail, archive, stepSeconds);
}

/** A class, as StartingFleet of the controllers is. */
class ArchivedTail implements HistoryTail {
  readonly #tail: HistoryTail;
  readonly #archive: SeriesArchive;
  readonly #stepSeconds: number;
  readonly #rollUps: RollUps;

  constructor(tail: HistoryTail, archive: SeriesArchive, stepSeconds: number) {
    this.#tail = tail;
    this.#archive = archive;
    this.#stepSeconds = stepSeconds;
    this.#rollUps = createRollUps(stepSeconds);
  }

  get readUntilSeconds(): number {
    return this.#tail.readUntilSeconds;
  }

  async read(nowSeconds: number, signal?: AbortSignal): ReturnType<HistoryTail['read']> {
    const stepSeconds = this.#stepSeconds;
    const lengthSeconds = rollUpSecondsOf(stepSeconds);
    const fresh = await this.#tail.read(nowSeconds, signal);
    const { asked, isBeginning, timestamps } = fresh;
    if (asked === undefined) return fresh;
    this.#archive.note(this.#rollUps.add(fresh, asked.fromSeconds, asked.toSeconds));
    const first = timestamps[0];
    // The last roll-up that has none of the source's rows.
    const untilSeconds =
      first === undefined
        ? asked.toSeconds
        : Math.floor((first - stepSeconds) / lengthSeconds) * lengthSeconds;
    if (!isBeginning || untilSeconds - asked.fromSeconds < lengthSeconds) return fresh;
    // One that began before the history does would give it a row that no other replica has.
    const fromSeconds = asked.fromSeconds + lengthSeconds - stepSeconds;
    const older = await this.#archive.read(fromSeconds, untilSeconds);
    return older.length === 0 ? fresh : { ...fresh, ...joined(rowsOf(older, stepSeconds), fresh) };
  }
}

function joined(
  older: MadeRows,
  newer: Pick<MadeRows, 'timestamps' | 'values'> & { isCensored?: Uint8Array },
) {
  const count = older.timestamps.length;
  const timestamps = new Float64Array(count + newer.timestamps.length);
  const values = new Float64Array(timestamps.length);
  const isCensored = new Uint8Array(timestamps.length);
  timestamps.set(older.timestamps);
  values.set(older.values);
  isCensored.set(older.isCensored);
  timestamps.set(newer.timestamps, count);
  values.set(newer.values, count);
  if (newer.isCensored !== undefined) isCensored.set(newer.isCensored, count);
  return { timestamps, values, isCensored };
}
