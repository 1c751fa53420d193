import { digestOfEvents } from '../calendar/event-feed.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { TakeTurn } from '../first-reads.ts';
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

export function createCalendarRenewal(
  eventsNow: () => readonly CalendarEvent[],
  parts: {
    readonly begin: () => Learned;
    readonly takeTurn: TakeTurn;
    /** Called when all was learned, or cannot be: the next question for it has an answer. */
    readonly onOver: () => void;
    /** Says why the events of before still count. */
    readonly onRefused: (reason: string) => void;
  },
): CalendarRenewal {
  let renewal: Renewal | undefined;
  let refused: { readonly digest: string; readonly untilSeconds: number } | undefined;

  /** Begins to learn; what answers goes on meanwhile, and learns what is new. */
  function start(digest: string, atSeconds: number, signal: AbortSignal): void {
    const one: Renewal = { digest, learned: parts.begin(), isOver: false, failure: undefined };
    renewal = one;
    const end = (failure: unknown) => {
      one.isOver = true;
      one.failure = failure;
      if (renewal === one) parts.onOver();
    };
    void readAll(one.learned, parts.takeTurn, atSeconds, signal).then(
      () => end(undefined),
      (error: unknown) => end(error ?? new Error('it was stopped')),
    );
  }

  return {
    async next(learned, atSeconds, signal) {
      const digest = digestOfEvents(eventsNow());
      if (digest === digestOfEvents(learned.events)) {
        renewal = undefined;
        return undefined;
      }
      if (refused?.digest === digest && atSeconds < refused.untilSeconds) return undefined;
      if (renewal === undefined || renewal.digest !== digest) start(digest, atSeconds, signal);
      if (renewal?.isOver !== true) return undefined;
      const { learned: found, failure } = renewal;
      renewal = undefined;
      try {
        if (failure !== undefined) throw failure;
        await readAll(found, parts.takeTurn, atSeconds, signal);
        if (!saysLess(found, learned)) return found;
        throw new Error('the source has too little history now');
      } catch (error) {
        refused = { digest, untilSeconds: atSeconds + patienceSeconds };
        parts.onRefused(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    },
  };
}
