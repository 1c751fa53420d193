import type { ServedBefore } from '../decision/served-before.ts';
import type { Workload } from '../workload.ts';
import type { TriggerRef } from '../workload-identity.ts';
import { type AskedLog, type AskedTrigger, type Told, tellSeconds, wantedSecondsAgo } from './asked.ts';
import { isLeftOut, noteAsked, type Rounds, wantedSeconds } from './rounds.ts';

/** A workload among those of a server. */
export interface Entry {
  /** Digest of what the metadata says; keys that decide nothing do not count. */
  readonly settingsKey: string;
  /** What is kept across a restart; undefined = nothing is. */
  readonly kept: TriggerRef | undefined;
  readonly workload: Workload;
  /** The query itself, which is not always shown. */
  readonly query: string;
  /** Whether the workload is declared in the server's configuration, so that it is never removed. */
  readonly declared: boolean;
  /** −Infinity where it was known from before a restart. */
  readonly openedSeconds: number;
  readonly rounds: Rounds;
  readonly asked: AskedLog;
  readonly key: string;
  isOpen: boolean;
  /** Digests of the metadata that asked for it, newest last; they differ in keys that decide nothing. */
  metadataDigests: readonly string[];
  /** The metadata that asked for it last; undefined where they are too large to be kept. */
  newestMetadata: TriggerRef['scalerMetadata'] | undefined;
}

/** The newer of what was served at two times. */
export function newerServed(
  one: ServedBefore | undefined,
  other: ServedBefore | undefined,
): ServedBefore | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.atSeconds >= other.atSeconds ? one : other;
}

/**
 * What was served lately for the demand of a trigger that its ScaledObject has in other words: with another history or threshold, or
 * by the same query and threshold with another address or header. One that asks for something else is never held to it.
 */
export function servedLately(
  siblings: readonly Entry[],
  {
    trigger,
    query,
    threshold,
  }: { readonly trigger: string; readonly query: string; readonly threshold: number },
): ServedBefore | undefined {
  return siblings
    .filter(
      (other) =>
        other.workload.trigger === trigger ||
        (other.query === query && other.workload.threshold === threshold),
    )
    .flatMap(({ workload }) => workload.lastGood() ?? [])
    .map(({ observed: _, ...served }) => served)
    .reduce<ServedBefore | undefined>(newerServed, undefined);
}

/** Takes what a peer tells of a trigger into its rounds, where that is newer than what is known. */
export function noteTold({ rounds, asked, declared }: Entry, told: Told, nowSeconds: number): void {
  const { askedSecondsAgo = Infinity, streamedSecondsAgo = Infinity } = told;
  const askedSeconds = nowSeconds - askedSecondsAgo;
  if (askedSeconds > rounds.askedSeconds) noteAsked(rounds, askedSeconds);
  rounds.streamedSeconds = Math.max(rounds.streamedSeconds, nowSeconds - streamedSecondsAgo);
  if (!declared) asked.noteTold(told);
}

/** What peers are told of a workload; undefined = nothing, because KEDA did not ask this replica, or metadata have a secret. */
export function askedTrigger(entry: Entry, nowSeconds: number): AskedTrigger | undefined {
  const { key, kept, asked, declared, openedSeconds } = entry;
  const ages = asked.ages();
  if (declared || kept === undefined || wantedSecondsAgo(ages) > tellSeconds) return undefined;
  const ago = nowSeconds - openedSeconds;
  return { key, ...ages, openedSecondsAgo: Number.isFinite(ago) ? ago : undefined };
}

/** The event for which a workload is closed that KEDA has left out of two rounds of questions about its ScaledObject. */
export function setAside(entry: Entry, siblings: readonly Entry[]): string | undefined {
  const leftOut = siblings.some((other) => !other.declared && isLeftOut(entry.rounds, other.rounds));
  return leftOut ? 'workload-set-aside' : undefined;
}

/** Seconds after which a workload is closed that a later one of the same ScaledObject has replaced. */
const setAsideAfterSeconds = 120;

/** The event for which a workload is closed that was not asked for lately; undefined = it stays. */
export function idleEvent(
  entry: Entry,
  siblings: readonly Entry[],
  nowSeconds: number,
  forgetAfterSeconds: number,
): string | undefined {
  const idleSeconds = nowSeconds - wantedSeconds(entry.rounds);
  if (idleSeconds > forgetAfterSeconds) return 'workload-forgotten';
  return idleSeconds > setAsideAfterSeconds ? setAside(entry, siblings) : undefined;
}

/**
 * Whether a later workload of the same ScaledObject has replaced this one, so that it is shown no more: KEDA has not asked for it
 * since the other was opened, or leaves it out of its rounds. A declared workload gives way to the trigger of KEDA that asks the
 * same.
 */
export function isReplaced(entry: Entry, siblings: readonly Entry[]): boolean {
  const others = siblings.filter((other) => other !== entry && !other.declared);
  if (entry.declared) return others.some(({ workload }) => workload.trigger === entry.workload.trigger);
  return (
    setAside(entry, siblings) !== undefined ||
    others.some(({ openedSeconds }) => openedSeconds > wantedSeconds(entry.rounds))
  );
}
