/** Questions about the triggers of one ScaledObject that are this near in time belong to one round. */
const roundSeconds = 5;
/** A trigger is left out when a sibling was asked for again and again over this many of its own intervals. */
const missedIntervals = 2;

/**
 * When one trigger was asked for, in seconds of a monotonic clock. KEDA asks for all triggers of a ScaledObject in one round, but
 * for those with `useCachedMetrics` only every `pollingInterval`, while the HPA asks for the others every 15 s.
 */
export interface Rounds {
  askedSeconds: number;
  /** When a stream about it was last known to be open; −Infinity before there was one. Streams belong to no round. */
  streamedSeconds: number;
  /** When the round before the newest one ended; −Infinity before there was one. */
  roundBeforeSeconds: number;
  /** Time between the two newest rounds; 0 while it is not known. */
  intervalSeconds: number;
}

/** The rounds of a trigger that is opened; `askedBeforeSeconds`: when it was asked for before it was closed, if it is known. */
export function firstRound(askedSeconds: number, askedBeforeSeconds: number | undefined): Rounds {
  const intervalSeconds = askedBeforeSeconds === undefined ? 0 : askedSeconds - askedBeforeSeconds;
  const never = Number.NEGATIVE_INFINITY;
  return { askedSeconds, streamedSeconds: never, roundBeforeSeconds: never, intervalSeconds };
}

/** When somebody last wanted the trigger: asked for it or had a stream about it open. */
export function wantedSeconds({ askedSeconds, streamedSeconds }: Rounds): number {
  return Math.max(askedSeconds, streamedSeconds);
}

export function noteAsked(rounds: Rounds, nowSeconds: number): void {
  const sinceSeconds = nowSeconds - rounds.askedSeconds;
  if (sinceSeconds > roundSeconds) {
    rounds.roundBeforeSeconds = rounds.askedSeconds;
    rounds.intervalSeconds = sinceSeconds;
  }
  rounds.askedSeconds = nowSeconds;
}

/** Whether two rounds have passed in which the other trigger was asked for and this one should have been and was not. */
export function isLeftOut(rounds: Rounds, other: Rounds): boolean {
  const missedSeconds = Math.max(roundSeconds, missedIntervals * rounds.intervalSeconds);
  return other.roundBeforeSeconds > wantedSeconds(rounds) + missedSeconds;
}
