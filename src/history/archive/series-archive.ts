import type { SeriesArchive } from './archived-tail.ts';
import type { DemandArchive } from './demand-archive.ts';
import { merged } from './roll-ups/merge.ts';
import type { RollUp } from './roll-ups/roll-up.ts';

/** Which series, how long its roll-ups are, and of how many rows one can be made at most. */
export interface SeriesId {
  readonly key: string;
  readonly lengthSeconds: number;
  readonly mostRows: number;
}

/** Asks the other replicas for roll-ups of a series in (fromSeconds, toSeconds]. Never rejects. */
export type AskOthers = (
  series: SeriesId,
  fromSeconds: number,
  toSeconds: number,
) => Promise<readonly RollUp[]>;

/** Roll-ups that may be missing without others being asked: at both ends, where a span does not begin or end with one. */
const fewMissing = 2;
/** Roll-ups after which it is looked again how far the archive reaches; it seldom changes. */
const lookAgainAfter = 12;

/** The archive of one series: what this replica has of it, and where that is not all, what the others have. */
export function seriesArchive(archive: DemandArchive, series: SeriesId, askOthers: AskOthers): SeriesArchive {
  return new SharedArchive(archive, series, askOthers);
}

/** A class, as StartingFleet of the controllers is. */
class SharedArchive implements SeriesArchive {
  readonly #archive: DemandArchive;
  readonly #series: SeriesId;
  readonly #askOthers: AskOthers;
  #oldestSeconds: number | undefined;
  #sinceLook = lookAgainAfter;

  constructor(archive: DemandArchive, series: SeriesId, askOthers: AskOthers) {
    this.#archive = archive;
    this.#series = series;
    this.#askOthers = askOthers;
  }

  oldestSeconds(): number | undefined {
    return this.#oldestSeconds;
  }

  note(rollUps: readonly RollUp[]): void {
    const { key, lengthSeconds } = this.#series;
    this.#archive.note({ key, lengthSeconds, rollUps });
    this.#sinceLook += rollUps.length;
    if (this.#sinceLook >= lookAgainAfter) void this.#look();
  }

  async read(fromSeconds: number, toSeconds: number): Promise<readonly RollUp[]> {
    const { key, lengthSeconds } = this.#series;
    const own = await this.#archive.read(key, fromSeconds, toSeconds);
    if (own.length + fewMissing >= Math.floor((toSeconds - fromSeconds) / lengthSeconds)) return own;
    const others = await this.#askOthers(this.#series, fromSeconds, toSeconds);
    if (others.length === 0) return own;
    this.#archive.note({ key, lengthSeconds, rollUps: others });
    return merged(own, others);
  }

  async #look(): Promise<void> {
    this.#sinceLook = 0;
    const reach = await this.#archive.reach(this.#series.key);
    this.#oldestSeconds = reach?.oldestSeconds;
  }
}
