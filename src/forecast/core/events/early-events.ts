import type { StateCopier } from '../memory/state-copier.ts';

/** An event that came before it was known what is usual: what came at its steps. */
export interface EarlyEvent {
  /** Number of the event in the calendar. */
  readonly event: number;
  readonly gridTimes: number[];
  readonly steps: number[];
  readonly roots: number[];
}

/** Events that are kept, the oldest: what a first week can have. */
const mostKept = 4;

/** Events that came before it was known what is usual, kept until they can be compared with it. */
export class EarlyEvents {
  readonly #kept: EarlyEvent[] = [];

  copyState(copier: StateCopier): void {
    const events = this.#kept.map(({ event }) => event);
    copier.list(events);
    const kept = events.map((event, i) => this.#kept[i] ?? { event, gridTimes: [], steps: [], roots: [] });
    for (const { gridTimes, steps, roots } of kept)
      for (const list of [gridTimes, steps, roots]) copier.list(list);
    this.#kept.splice(0, this.#kept.length, ...kept);
  }

  has(event: number): boolean {
    return this.#kept.some((one) => one.event === event);
  }

  /** Keeps what came at a step of an event, a root. */
  keep(event: number, gridTime: number, step: number, root: number): void {
    if (!this.has(event)) {
      if (this.#kept.length === mostKept) return;
      this.#kept.push({ event, gridTimes: [], steps: [], roots: [] });
    }
    const one = this.#kept.find((kept) => kept.event === event);
    one?.gridTimes.push(gridTime);
    one?.steps.push(step);
    one?.roots.push(root);
  }

  /** Takes out the oldest event of which nothing came since a time; undefined where there is none. */
  takeBefore(gridTime: number): EarlyEvent | undefined {
    const oldest = this.#kept[0];
    return oldest !== undefined && oldest.gridTimes.at(-1)! < gridTime ? this.#kept.shift() : undefined;
  }
}
