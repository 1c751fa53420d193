import type { Logger } from '../../platform/log.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import { packSnapshot, type SnapshotIdentity, unpackSnapshot } from './packed-snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** Where snapshots are kept across restarts, by name. */
export interface SnapshotStore {
  /** What was saved last; undefined where nothing was. Rejects where it cannot be read. */
  load(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what was saved, all of it or nothing. Rejects where that fails. */
  save(name: string, bytes: Uint8Array): Promise<void>;
}

/** Other replicas, which may have learned what this one has not. */
interface SnapshotPeers {
  /**
   * What others have learned, one after the other; each is asked when it is come to. `'not told'` stands for what a replica that runs
   * did not tell. Never rejects, and ends where nobody answers or the signal is aborted.
   */
  ask(name: string, signal: AbortSignal): AsyncIterable<Uint8Array | 'not told'>;
}

/** Where snapshots are found and kept; where a part is undefined there is no such place. */
export interface SnapshotPlaces {
  readonly store?: SnapshotStore | undefined;
  readonly peers?: SnapshotPeers | undefined;
}

interface FoundSnapshot {
  readonly snapshot: Snapshot;
  /** Whether it is kept here. */
  readonly isOwn: boolean;
}

/** The place of one model among snapshots. Nothing rejects: what fails costs a replay of the history. */
export interface SnapshotPlace {
  /**
   * Snapshots of this model: the one that was saved last, then those of other replicas, which are asked when they are come to.
   * `'not told'` stands for what another replica may know and did not tell.
   */
  find(signal: AbortSignal): AsyncIterable<FoundSnapshot | 'not told'>;
  /** Whether what is saved is kept anywhere. */
  readonly isKept: boolean;
  save(snapshot: Snapshot): Promise<void>;
  /** Says why a snapshot that was found is not gone on from. */
  refuse(reason: string): void;
  /** Between 0 and 1, spread over the models, so that they are not all saved at once. */
  readonly share: number;
}

interface PlaceParts {
  readonly identity: SnapshotIdentity;
  /** Query and name of the source, for the log. */
  readonly query: string;
  readonly source: string;
  readonly log: Logger;
}

export function createSnapshotPlace(places: SnapshotPlaces, parts: PlaceParts): SnapshotPlace {
  return new PlaceOfModel(places, parts);
}

/** A class, as StartingFleet of the controllers is. */
class PlaceOfModel implements SnapshotPlace {
  readonly #places: SnapshotPlaces;
  readonly #parts: PlaceParts;

  constructor(places: SnapshotPlaces, parts: PlaceParts) {
    this.#places = places;
    this.#parts = parts;
  }

  get isKept(): boolean {
    return this.#places.store !== undefined;
  }

  get share(): number {
    return Number.parseInt(this.#parts.identity.name.slice(0, 8), 16) / 2 ** 32;
  }

  async *find(signal: AbortSignal): AsyncGenerator<FoundSnapshot | 'not told'> {
    const { store, peers } = this.#places;
    const { name } = this.#parts.identity;
    const own = await this.#unpacked(async () => store?.load(name));
    if (own !== undefined) yield { snapshot: own, isOwn: true };
    if (peers === undefined) return;
    for await (const bytes of peers.ask(name, signal)) {
      if (bytes === 'not told') {
        yield bytes;
        continue;
      }
      const snapshot = await this.#unpacked(async () => bytes);
      if (snapshot !== undefined) yield { snapshot, isOwn: false };
    }
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { identity } = this.#parts;
    try {
      await this.#places.store?.save(identity.name, await packSnapshot(snapshot, identity));
    } catch {
      // The store has said so: it is the same for all models.
    }
  }

  refuse(reason: string): void {
    const { query, source, log } = this.#parts;
    log.warn({ query, source, reason }, 'snapshot-not-used');
  }

  async #unpacked(load: () => Promise<Uint8Array | undefined>): Promise<Snapshot | undefined> {
    try {
      const bytes = await load();
      if (bytes === undefined) return undefined;
      // A restart unpacks many, of which some come together.
      await nextTurn();
      return unpackSnapshot(bytes, this.#parts.identity);
    } catch (error) {
      this.refuse(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
