import { hash } from 'node:crypto';
import { ForescaleError } from '../platform/errors.ts';
import { withoutUserInfo } from '../platform/without-user-info.ts';
import { startRenewing } from './archived/renew-effects.ts';
import type { EventFeed } from './calendar/event-feed.ts';
import { createFirstReads } from './models/first-reads.ts';
import {
  type DemandModelsOptions,
  type HeldModel,
  type ModelRequest,
  type ModelSurroundings,
  RefreshedModel,
} from './models/refreshed-model.ts';
import { packSnapshot } from './snapshots/packed-snapshot.ts';

export type { HeldModel, ModelRequest, ResolveSource } from './models/refreshed-model.ts';

export interface DemandModels {
  /**
   * The model for a request, refreshed in the background while somebody holds it; `onUpdate` is called after each refresh. Its events are
   * those of all who hold it, because they ask for the same demand.
   */
  hold(request: ModelRequest, onUpdate: () => void, feed?: EventFeed): HeldModel;
  /** Lets models whose events have become others learn them now, and not when their next rows are due. */
  followEvents(): void;
  /**
   * What the model of that name among snapshots has learned by now, packed for another replica; undefined where there is none, or
   * before it has caught up. `of` says whether it may be one whose trigger has what may be a secret.
   */
  snapshot(name: string, of: 'any' | 'without-secrets'): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Keeps one demand model per request, each with its own two refresh loops. */
export function createDemandModels(options: DemandModelsOptions): DemandModels {
  const entries = new Map<string, RefreshedModel>();
  /** The same by their names among snapshots. */
  const named = new Map<string, RefreshedModel>();
  const effectsNow = function* () {
    for (const { model } of entries.values()) yield model.effects;
  };
  const renewing = startRenewing(effectsNow, options.clock);
  const surroundings: ModelSurroundings = {
    ...options,
    turnOf: createFirstReads(),
    onUnheld(entry) {
      if (entries.get(entry.key) !== entry) return;
      entries.delete(entry.key);
      named.delete(entry.identity.name);
      void entry.stop(new ForescaleError('not-found', 'the workload was forgotten'));
    },
  };
  return {
    hold(request, onUpdate, feed) {
      // A digest: the whole request is a text of half a kilobyte.
      const key = hash('sha256', JSON.stringify(request), 'base64');
      const holder = { onUpdate, feed };
      const entry = entries.get(key) ?? new RefreshedModel(key, request, surroundings, holder);
      entries.set(key, entry);
      named.set(entry.identity.name, entry);
      return entry.hold(holder);
    },
    followEvents() {
      for (const entry of entries.values()) entry.followEvents();
    },
    async snapshot(name, of) {
      const entry = named.get(name);
      if (entry === undefined || (of === 'without-secrets' && mayHaveSecrets(entry.request)))
        return undefined;
      const snapshot = await entry.model.snapshot();
      return snapshot && packSnapshot(snapshot, entry.identity);
    },
    async close() {
      renewing.stop();
      const open = [...entries.values()];
      entries.clear();
      named.clear();
      const reason = new ForescaleError('source-unreachable', 'the server is stopping');
      await Promise.all(open.map((entry) => entry.stop(reason)));
    },
  };
}

/** Whether a request says what not everybody may know who may read the list of workloads. */
function mayHaveSecrets({ shownQuery, source }: ModelRequest): boolean {
  const { address = '', headers = {}, parameters = {}, concealed } = source;
  const isConcealed = concealed !== undefined || shownQuery !== undefined;
  const isExtended = Object.keys({ ...headers, ...parameters }).length > 0;
  return isConcealed || isExtended || withoutUserInfo(address) !== address;
}
