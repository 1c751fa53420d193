/** What another replica tells of a trigger that KEDA asks it for; ages in seconds, undefined = it has not happened or is not known. */
export interface Told {
  /** Name of that replica. */
  readonly replica: string;
  readonly askedSecondsAgo: number | undefined;
  readonly streamedSecondsAgo: number | undefined;
  /** How long ago it was opened there; undefined = before that replica started. */
  readonly openedSecondsAgo: number | undefined;
}

/** Peers are told of a trigger for so long after KEDA's last question. */
export const tellSeconds = 900;

/** Which replica KEDA asked last for a trigger, and when. */
export interface Asked {
  readonly replica: string;
  readonly secondsAgo: number;
}

/** A trigger that KEDA asks this replica for, as other replicas are told. */
export interface AskedTrigger extends Omit<Told, 'replica'> {
  /** Names it among those of this replica. */
  readonly key: string;
}

/** When KEDA asked for one trigger, by the replica that it asked. */
export type AskedLog = ReturnType<typeof createAskedLog>;

const never = Number.NEGATIVE_INFINITY;

/** `replica` names this one; `monotonic` gives seconds and never goes back. */
export function createAskedLog(replica: string, monotonic: () => number) {
  let askedSeconds = never;
  let streamedSeconds = never;
  let told: { readonly replica: string; readonly seconds: number } | undefined;
  const hereSeconds = () => Math.max(askedSeconds, streamedSeconds);
  const ageOf = (seconds: number) => (seconds === never ? undefined : Math.max(0, monotonic() - seconds));

  return {
    noteAsked() {
      askedSeconds = monotonic();
    },
    noteStream() {
      streamedSeconds = monotonic();
    },
    noteTold(newest: Told) {
      const seconds = monotonic() - wantedSecondsAgo(newest);
      if (seconds > (told?.seconds ?? never)) told = { replica: newest.replica, seconds };
    },
    /** Whether KEDA ever asked this replica. */
    isHere: () => hereSeconds() > never,
    /** Whether KEDA asks another replica and not this one. */
    isElsewhere: () => told !== undefined && told.seconds > hereSeconds(),
    /** Ages of the newest questions to this replica. */
    ages: () => ({ askedSecondsAgo: ageOf(askedSeconds), streamedSecondsAgo: ageOf(streamedSeconds) }),
    newest(): Asked | undefined {
      if (told !== undefined && told.seconds > hereSeconds()) {
        return { replica: told.replica, secondsAgo: monotonic() - told.seconds };
      }
      const secondsAgo = ageOf(hereSeconds());
      return secondsAgo === undefined ? undefined : { replica, secondsAgo };
    },
  };
}

/** How long ago KEDA wanted a trigger: asked for it or had a stream about it open. */
export function wantedSecondsAgo(
  told: Pick<Told, 'askedSecondsAgo' | 'streamedSecondsAgo'> | undefined,
): number {
  if (told === undefined) return 0;
  const { askedSecondsAgo = Infinity, streamedSecondsAgo = Infinity } = told;
  return Math.min(askedSecondsAgo, streamedSecondsAgo);
}
