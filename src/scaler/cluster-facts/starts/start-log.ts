import { type KnownStarts, neededStarts } from '../lead-time/learn-lead-time.ts';
import type { Start } from './read-starts.ts';

/** The newest starts of one workload. */
export interface StartLog {
  /** Adds a start that is not older than those that were added; of a pod that is there the first one counts. */
  add(start: Pick<Start, 'pod' | 'createdSeconds' | 'readySeconds'>): void;
  /** The newest starts; their durations are at least 1 s. */
  readonly starts: KnownStarts;
}

/** A log of the starts that a lead time is learned from. Thousands of workloads have one, so it keeps numbers alone. */
export function createStartLog(): StartLog {
  return new NewestStarts();
}

/** A class, as StartingFleet of the controllers is. */
class NewestStarts implements StartLog {
  /** Undefined before the first. */
  #lists: StartLists | undefined;

  get starts(): KnownStarts {
    return this.#lists === undefined
      ? noStarts
      : { durations: this.#lists.durations, readySeconds: this.#lists.ready };
  }

  add({ pod, createdSeconds, readySeconds }: Parameters<StartLog['add']>[0]): void {
    const number = hashOf(pod);
    this.#lists ??= { pods: [], created: [], durations: [], ready: [] };
    const { pods, created, durations, ready } = this.#lists;
    if (pods.some((known, index) => known === number && created[index] === createdSeconds)) return;
    pods.push(number);
    created.push(createdSeconds);
    // A pod may be ready in the second in which it was created.
    durations.push(Math.max(1, readySeconds - createdSeconds));
    ready.push(readySeconds);
    if (pods.length > neededStarts) for (const numbers of [pods, created, durations, ready]) numbers.shift();
  }
}

interface StartLists {
  readonly pods: number[];
  readonly created: number[];
  readonly durations: number[];
  readonly ready: number[];
}

const noStarts: KnownStarts = { durations: [], readySeconds: [] };

/** FNV-1a of 32 bits. Pods that were created in the same second are few, so that none is taken for another. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
