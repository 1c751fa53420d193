import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { askPeerForBytes, type PeerAccess } from './ask-peer.ts';
import type { Peer } from './peer.ts';

/** No snapshot is larger: 60 KB are usual. */
const mostBytes = 1024 * 1024;
/** Snapshots that are asked for at once; each takes some milliseconds of the replica that is asked. */
const questionsAtOnce = 4;
/** A replica that did not answer is not asked again for so long: thousands of models would wait for it one after the other. */
const restMs = 60_000;

/** Asks some replicas for a snapshot, one after the other. */
export type AskSnapshots = (
  peers: readonly Peer[],
  name: string,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array | 'not told'>;

/**
 * Asks other replicas what the models of this one have learned there. Which is asked first depends on the name, so that several
 * replicas share the work. One that has nothing of that name is passed over; one that fails rests.
 */
export function createSnapshotAsker(access: PeerAccess, log: Logger): AskSnapshots {
  const limit = createConcurrencyLimit(questionsAtOnce);
  const restsUntilMs = new WeakMap<Peer, number>();

  const rests = (peer: Peer) => performance.now() < (restsUntilMs.get(peer) ?? 0);

  async function snapshotOf(peer: Peer, name: string): Promise<Uint8Array | 'not told' | undefined> {
    if (rests(peer)) return 'not told';
    try {
      return await askPeerForBytes(peer.address, access, {
        path: `${snapshotsPath}/${name}`,
        maxBytes: mostBytes,
      });
    } catch (error) {
      if (!rests(peer))
        log.info({ peer: peer.address.address, error: String(error) }, 'peer-snapshot-not-taken');
      restsUntilMs.set(peer, performance.now() + restMs);
      return 'not told';
    }
  }

  return async function* (peers, name, signal) {
    const first = Number.parseInt(name.slice(0, 8), 16) % Math.max(1, peers.length);
    for (const peer of [...peers.slice(first), ...peers.slice(0, first)]) {
      if (signal.aborted) return;
      // A signal that aborts while the question waits ends it here; nobody asks any more then.
      const bytes = await limit.run(() => snapshotOf(peer, name), signal).catch(() => undefined);
      if (bytes !== undefined) yield bytes;
    }
  };
}

/** Route under which a replica tells another what a model has learned. */
const snapshotsPath = '/api/v1/peers/snapshots';
/** Models are opened some seconds before it is known which replicas there are. */
const patienceMs = 10_000;

export type SharedSnapshots = ReturnType<typeof createSharedSnapshots>;

/** Lets models ask the other replicas, as soon as these are known. */
export function createSharedSnapshots() {
  const known =
    Promise.withResolvers<(name: string, signal: AbortSignal) => AsyncIterable<Uint8Array | 'not told'>>();
  return {
    async *ask(name: string, signal: AbortSignal): AsyncIterable<Uint8Array | 'not told'> {
      const ask = await within(patienceMs, known.promise, { signal }).catch(() => undefined);
      if (ask !== undefined) yield* ask(name, signal);
    },
    /** From then on others are asked. */
    shareWith: known.resolve,
  };
}
