import { digestOfEvents } from '../calendar/event-feed.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { TakeTurn } from '../models/first-reads.ts';
import { type Learned, readAll } from './learned.ts';
import { saysLess } from './says-less.ts';

/** What could not be learned anew, or says less than what is there, is tried again after this: each try reads weeks of history. */
const patienceSeconds = 900;

/** Learns a history anew beside the one that answers, where its events are others. */
export interface CalendarRenewal {
  /** What was learned with the events of now, once all of it was; undefined where they are those of `learned`, and while it takes. */
  next(learned: Learned, atSeconds: number, signal: AbortSignal): Promise<Learned | undefined>;
}

interface Renewal {
  readonly digest: string;
  readonly learned: Learned;
  isOver: boolean;
  failure: unknown;
}

/** What a renewal needs of the history. */
interface RenewalParts {
  eventsNow(): readonly CalendarEvent[];
  readonly takeTurn: TakeTurn;
  /** Called when all was learned, or cannot be: the next question for it has an answer. */
  onEventsLearned?(): void;
  /** Says why the events of before still count. */
  onEventsRefused(reason: string): void;
}

export function createCalendarRenewal(parts: RenewalParts, begin: () => Learned): CalendarRenewal {
  return new LearnedBeside(parts, begin);
}

/** A class, as StartingFleet of the controllers is. */
class LearnedBeside implements CalendarRenewal {
  readonly #parts: RenewalParts;
  readonly #begin: () => Learned;
  #renewal: Renewal | undefined;
  #refused: { readonly digest: string; readonly untilSeconds: number } | undefined;

  constructor(parts: RenewalParts, begin: () => Learned) {
    this.#parts = parts;
    this.#begin = begin;
  }

  async next(learned: Learned, atSeconds: number, signal: AbortSignal): Promise<Learned | undefined> {
    const parts = this.#parts;
    const digest = digestOfEvents(parts.eventsNow());
    if (digest === digestOfEvents(learned.events)) {
      this.#renewal = undefined;
      return undefined;
    }
    const refused = this.#refused;
    if (refused?.digest === digest && atSeconds < refused.untilSeconds) return undefined;
    if (this.#renewal?.digest !== digest) this.#start(digest, atSeconds, signal);
    if (this.#renewal?.isOver !== true) return undefined;
    const { learned: found, failure } = this.#renewal;
    this.#renewal = undefined;
    try {
      if (failure !== undefined) throw failure;
      await readAll(found, parts.takeTurn, atSeconds, signal);
      if (!saysLess(found, learned)) return found;
      throw new Error('the source has too little history now');
    } catch (error) {
      this.#refused = { digest, untilSeconds: atSeconds + patienceSeconds };
      parts.onEventsRefused(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Begins to learn; what answers goes on meanwhile, and learns what is new. */
  #start(digest: string, atSeconds: number, signal: AbortSignal): void {
    const one: Renewal = { digest, learned: this.#begin(), isOver: false, failure: undefined };
    this.#renewal = one;
    const end = (failure: unknown) => {
      one.isOver = true;
      one.failure = failure;
      if (this.#renewal === one) this.#parts.onEventsLearned?.();
    };
    void readAll(one.learned, this.#parts.takeTurn, atSeconds, signal).then(
      () => end(undefined),
      (error: unknown) => end(error ?? new Error('it was stopped')),
    );
  }
}
