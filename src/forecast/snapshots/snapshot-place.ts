import { createHash } from 'node:crypto';
import type { Logger } from '../../platform/log.ts';
import { packSnapshot, unpackSnapshot } from './packed-snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { stateVersion } from './state-version.ts';

/** Where snapshots are kept across restarts, by name. */
export interface SnapshotStore {
  /** What was saved last; undefined where nothing was. Rejects where it cannot be read. */
  load(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what was saved, all of it or nothing. Rejects where that fails. */
  save(name: string, bytes: Uint8Array): Promise<void>;
}

/** The place of one model among snapshots. Nothing rejects: what fails costs a replay of the history. */
export interface SnapshotPlace {
  /** The snapshot that was saved last, if it is one of this model. */
  load(): Promise<Snapshot | undefined>;
  save(snapshot: Snapshot): Promise<void>;
  /** Says why the snapshot that was loaded is not gone on from. */
  refuse(reason: string): void;
  /** Between 0 and 1, spread over the models, so that they are not all saved at once. */
  readonly share: number;
}

/** `model` says all that the state depends on, besides rows. `query` and `source` are for the log. */
export function createSnapshotPlace(
  store: SnapshotStore,
  {
    model,
    query,
    source,
    log,
  }: { readonly model: unknown; readonly query: string; readonly source: string; readonly log: Logger },
): SnapshotPlace {
  const words = JSON.stringify(model);
  const name = createHash('sha256').update(words).digest('hex');
  // Another release of Node may have other arithmetic, and writes values in its own way.
  const identity = JSON.stringify({ model: words, state: stateVersion, node: process.version });
  const refuse = (reason: string) => log.warn({ query, source, reason }, 'snapshot-not-used');

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  return {
    load: () =>
      attempt(async () => {
        const bytes = await store.load(name);
        return bytes === undefined ? undefined : await unpackSnapshot(bytes, identity);
      }),
    async save(snapshot) {
      try {
        await store.save(name, await packSnapshot(snapshot, identity));
      } catch {
        // The store has said so: it is the same for all models.
      }
    },
    refuse,
    share: Number.parseInt(name.slice(0, 8), 16) / 2 ** 32,
  };
}
