import type { PeerState } from '../../api/peers.ts';
import { mostKeys } from '../../api/peers.ts';
import type { Clock } from '../../platform/clock.ts';
import { toForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import {
  type FollowedTrigger,
  parseKnownLines,
  type Told,
  tellSeconds,
  type Workloads,
  wantedSecondsAgo,
} from '../../scaler/index.ts';
import { knownWorkloadsPath } from './read-peers.ts';

/** Time until a trigger is tried again that could not be opened. */
const retrySeconds = 60;
/** An answer with this many triggers of the largest metadata that is kept. */
const maxLinesBytes = mostKeys * 20 * 1024;

export interface FollowOptions {
  readonly workloads: Pick<Workloads, 'follow'>;
  readonly clock: Clock;
  /** Seconds of a clock that never goes back. */
  readonly monotonic: Clock;
  readonly log: Logger;
}

/** Asks the peer that told of them. */
type AskText = (path: string, maxBytes: number) => Promise<string>;

/** A trigger of the peer: followed, or refused until a time. */
type Known = FollowedTrigger | { readonly untilSeconds: number };

/** Opens what KEDA asks one peer for and keeps it open; the event loop turns in between. */
export function createTriggerFollower({ workloads, clock, monotonic, log }: FollowOptions) {
  let known = new Map<string, Known>();

  /** Takes what is known already, and returns the keys of the rest. */
  async function takeKnown(told: ReadonlyMap<string, Told>): Promise<readonly string[]> {
    const slices = createTimeSlices();
    const kept = new Map<string, Known>();
    const unknown: string[] = [];
    for (const [key, one] of told) {
      if (slices.isOver()) await slices.nextTurn();
      const own = known.get(key);
      const isKept = own !== undefined && ('note' in own ? own.note(one) : own.untilSeconds > monotonic());
      if (isKept) kept.set(key, own);
      else unknown.push(key);
    }
    known = kept;
    return unknown;
  }

  async function open(keys: readonly string[], told: ReadonlyMap<string, Told>, ask: AskText): Promise<void> {
    const text = await ask(`${knownWorkloadsPath}?keys=${keys.join(',')}`, maxLinesBytes);
    const slices = createTimeSlices();
    const refused: object[] = [];
    const { known: triggers, wrong } = await parseKnownLines(text, clock);
    if (wrong.length > 0)
      log.warn({ peer: told.get(keys[0] ?? '')?.replica, wrong }, 'known-workloads-left-out');
    for (const { key = '', askedSecondsAgo: _, served, ...ref } of triggers) {
      const one = told.get(key);
      if (one === undefined || !keys.includes(key)) continue;
      if (slices.isOver()) await slices.nextTurn();
      try {
        known.set(key, workloads.follow(ref, one, served));
      } catch (error) {
        const { message } = toForescaleError(error);
        refused.push({ peer: one.replica, namespace: ref.namespace, name: ref.name, error: message });
      }
    }
    // One line for as many as are asked for at once: where there is no room, that may be thousands.
    if (refused.length > 0)
      log.warn({ ...refused[0], workloads: refused.length }, 'peer-workload-not-opened');
    for (const key of keys) if (!known.has(key)) known.set(key, { untilSeconds: monotonic() + retrySeconds });
  }

  /** Takes what the peer tells. */
  return async ({ replica, asked }: PeerState, ask: AskText): Promise<void> => {
    const slices = createTimeSlices();
    const told = new Map<string, Told>();
    for (const [key, askedAgo, streamedAgo, openedAgo] of asked) {
      const one = {
        replica,
        askedSecondsAgo: askedAgo ?? undefined,
        streamedSecondsAgo: streamedAgo ?? undefined,
        openedSecondsAgo: openedAgo ?? undefined,
      };
      if (slices.isOver()) await slices.nextTurn();
      // What KEDA does not ask for any more has no place here that what it asks for could need.
      if (wantedSecondsAgo(one) <= tellSeconds) told.set(key, one);
    }
    const unknown = await takeKnown(told);
    for (let first = 0; first < unknown.length; first += mostKeys) {
      await open(unknown.slice(first, first + mostKeys), told, ask);
    }
  };
}
