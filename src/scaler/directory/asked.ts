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

const never = Number.NEGATIVE_INFINITY;

/** `replica` names this one; `monotonic` gives seconds and never goes back. */
export function createAskedLog(replica: string, monotonic: () => number): AskedLog {
  return new AskedLog(replica, monotonic);
}

/** When KEDA asked for one trigger, by the replica that it asked. A class, as StartingFleet of the controllers is. */
export class AskedLog {
  readonly #replica: string;
  readonly #monotonic: () => number;
  #askedSeconds = never;
  #streamedSeconds = never;
  #told: { readonly replica: string; readonly seconds: number } | undefined;

  constructor(replica: string, monotonic: () => number) {
    this.#replica = replica;
    this.#monotonic = monotonic;
  }

  noteAsked(): void {
    this.#askedSeconds = this.#monotonic();
  }

  noteStream(): void {
    this.#streamedSeconds = this.#monotonic();
  }

  noteTold(newest: Told): void {
    const seconds = this.#monotonic() - wantedSecondsAgo(newest);
    if (seconds > (this.#told?.seconds ?? never)) this.#told = { replica: newest.replica, seconds };
  }

  /** Whether KEDA ever asked this replica. */
  isHere(): boolean {
    return this.#hereSeconds() > never;
  }

  /** Whether KEDA asks another replica and not this one. */
  isElsewhere(): boolean {
    return this.#told !== undefined && this.#told.seconds > this.#hereSeconds();
  }

  /** Ages of the newest questions to this replica. */
  ages(): Pick<Told, 'askedSecondsAgo' | 'streamedSecondsAgo'> {
    return {
      askedSecondsAgo: this.#ageOf(this.#askedSeconds),
      streamedSecondsAgo: this.#ageOf(this.#streamedSeconds),
    };
  }

  newest(): Asked | undefined {
    const told = this.#told;
    if (told !== undefined && told.seconds > this.#hereSeconds()) {
      return { replica: told.replica, secondsAgo: this.#monotonic() - told.seconds };
    }
    const secondsAgo = this.#ageOf(this.#hereSeconds());
    return secondsAgo === undefined ? undefined : { replica: this.#replica, secondsAgo };
  }

  #hereSeconds(): number {
    return Math.max(this.#askedSeconds, this.#streamedSeconds);
  }

  #ageOf(seconds: number): number | undefined {
    return seconds === never ? undefined : Math.max(0, this.#monotonic() - seconds);
  }
}

/** How long ago KEDA wanted a trigger: asked for it or had a stream about it open. */
export function wantedSecondsAgo(
  told: Pick<Told, 'askedSecondsAgo' | 'streamedSecondsAgo'> | undefined,
): number {
  if (told === undefined) return 0;
  const { askedSecondsAgo = Infinity, streamedSecondsAgo = Infinity } = told;
  return Math.min(askedSecondsAgo, streamedSecondsAgo);
}
