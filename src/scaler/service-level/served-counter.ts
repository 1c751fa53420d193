import type { ServedSpan } from '../../forecast/index.ts';

/** Counts what was served, whichever play told of it. */
export interface ServedCounter {
  /**
   * Takes note of all that a play has brought so far. What it had brought when it was seen first does not count: that is history, or
   * the time that the play before it counted.
   */
  note(play: object, total: ServedSpan): void;
  /** The sum of what came since; it only grows. */
  counted(): ServedSpan;
}

const nothing: ServedSpan = {
  seconds: 0,
  forescale: { shortSeconds: 0, replicaSeconds: 0 },
  reactive: { shortSeconds: 0, replicaSeconds: 0 },
};

export function createServedCounter(): ServedCounter {
  return new GrowingCounter();
}

/** A class, as StartingFleet of the controllers is. */
class GrowingCounter implements ServedCounter {
  #counted = nothing;
  #play: object | undefined;
  #total = nothing;

  note(play: object, total: ServedSpan): void {
    const isSame = this.#play === play;
    if (isSame && this.#total === total) return;
    if (isSame) this.#counted = added(this.#counted, total, this.#total);
    this.#play = play;
    this.#total = total;
  }

  counted(): ServedSpan {
    return this.#counted;
  }
}

/** `sum` with what `now` has more than `before`. */
function added(sum: ServedSpan, now: ServedSpan, before: ServedSpan): ServedSpan {
  const served = (rule: 'forescale' | 'reactive') => ({
    shortSeconds: sum[rule].shortSeconds + now[rule].shortSeconds - before[rule].shortSeconds,
    replicaSeconds: sum[rule].replicaSeconds + now[rule].replicaSeconds - before[rule].replicaSeconds,
  });
  return {
    seconds: sum.seconds + now.seconds - before.seconds,
    forescale: served('forescale'),
    reactive: served('reactive'),
  };
}
