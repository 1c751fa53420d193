import type { WorkloadView } from '../../forecast/index.ts';
import { entityTag } from '../http/caching.ts';

/** A written answer, and its entity tag. */
export interface KeptAnswer {
  readonly body: string;
  readonly etag: string;
}

interface Entry extends KeptAnswer {
  readonly workload: WeakRef<WorkloadView>;
  readonly version: string;
}

/** Answers about forecasts as they were written, for as long as nothing new is known of the workload. */
export interface KeptAnswers {
  find(key: string, workload: WorkloadView): KeptAnswer | undefined;
  /** Keeps an answer that depends on nothing but the workload, and gives it back with its tag. */
  keep(key: string, workload: WorkloadView, body: string): KeptAnswer;
}

/** What an answer takes beside its characters: its tag, its version and its place, in characters. */
const entryCharacters = 500;

/** Creates a store of answers of at most so many characters together, with the keys by which they are found; the oldest make room. */
export function createKeptAnswers(mostCharacters: number): KeptAnswers {
  const entries = new Map<string, Entry>();
  let characters = 0;

  /** A key counts, because whoever asks chooses how long it is. */
  const sizeOf = (key: string, body: string) => key.length + body.length + entryCharacters;

  function drop(key: string): void {
    const known = entries.get(key);
    if (known === undefined) return;
    characters -= sizeOf(key, known.body);
    entries.delete(key);
  }

  return {
    find(key, workload) {
      const entry = entries.get(key);
      if (entry === undefined || entry.version !== versionOf(workload)) return undefined;
      return entry.workload.deref() === workload ? entry : undefined;
    },
    keep(key, workload, body) {
      drop(key);
      const entry = {
        body,
        etag: entityTag(body),
        version: versionOf(workload),
        workload: new WeakRef(workload),
      };
      entries.set(key, entry);
      characters += sizeOf(key, body);
      for (const oldest of entries.keys()) {
        if (characters <= mostCharacters || oldest === key) break;
        drop(oldest);
      }
      return entry;
    },
  };
}

/** What an answer about a forecast depends on beside the settings of the workload, which another object has after an edit. */
function versionOf(workload: WorkloadView): string {
  return `${workload.model.newestSeconds()} ${workload.cluster().hpaTolerance.up}`;
}
