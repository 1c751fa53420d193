import type { WorkloadDirectory } from '../../../forecast/index.ts';
import { ForescaleError } from '../../../platform/errors.ts';
import type { TimeSlices } from '../../../platform/turns/time-slices.ts';
import type { ApiLimits } from '../../limits.ts';
import type { PastDecisions } from '../../ports.ts';

/** What a question is answered from, and what it may cost. */
export interface Question {
  readonly directory: WorkloadDirectory;
  readonly pastDecisions: PastDecisions | undefined;
  readonly nowMs: number;
  readonly limits: ApiLimits;
  readonly slices: TimeSlices;
  readonly signal: AbortSignal;
  readonly notes: Notes;
  readonly budget: Budget;
}

/** Warnings that come with an answer. */
export interface Notes {
  add(message: string): void;
  list(): readonly string[];
}

const mostNotes = 10;

/** Collects warnings: each once, the first ten of them, and how many more there are. */
export function createNotes(): Notes {
  const notes = new Set<string>();
  let more = 0;
  return {
    add(message) {
      if (notes.has(message)) return;
      if (notes.size < mostNotes) notes.add(message);
      else more++;
    },
    list: () => (more === 0 ? [...notes] : [...notes, `and ${more} more of the kind`]),
  };
}

/** Values that one question may still look at. */
export interface Budget {
  /** Throws `too-large` where that is more than is left. */
  spend(samples: number): void;
}

export function createBudget(mostSamples: number): Budget {
  let left = mostSamples;
  return {
    spend(samples) {
      left -= samples;
      if (left < 0) {
        throw new ForescaleError(
          'too-large',
          `query processing would look at more than ${mostSamples} samples; ask for fewer workloads, a shorter range or a larger step`,
        );
      }
    },
  };
}
