import type { ModeSwitched, RecordQuestion, RecordReply, ReplicaStanding } from '../../api/peers.ts';
import { askPeer } from './ask-peer.ts';
import { createPeer, type Peer, type PeerOptions } from './peer.ts';
import { resolvePeers } from './peer-addresses.ts';
import { createRecordAsker } from './peer-records.ts';
import { createSnapshotAsker } from './peer-snapshots.ts';

/** Time between two questions to each peer, give or take a fifth, so that replicas that start together do not ask together. */
const usualEveryMs = 3_000;
const jitterRatio = 0.2;

export interface FollowPeersOptions extends PeerOptions {
  readonly urls: readonly string[];
  readonly everyMs?: number;
}

export interface Peers {
  /** Settles when every peer that the name resolves to was asked once; each wait in it is bounded but that for the name service. */
  readonly first: Promise<void>;
  /** The other replicas that have ever answered at an address that is still one of theirs. */
  standings(): readonly ReplicaStanding[];
  /** Tells the others of a switch at once. What does not reach one it takes when it asks. */
  tell(switched: ModeSwitched): Promise<void>;
  /** Answers from the records of the others, as far as they come in time. */
  askRecords(question: RecordQuestion): Promise<readonly RecordReply[]>;
  /** What models of others have learned, of that name, one replica after the other, as far as they answer. Never rejects. */
  askSnapshots(name: string, signal: AbortSignal): AsyncIterable<Uint8Array | 'not told'>;
  close(): void;
}

/** Asks the other replicas every few seconds what KEDA asks them and whether somebody switched the mode. Nothing waits for it. */
export function followPeers(options: FollowPeersOptions): Peers {
  const { urls, access, everyMs = usualEveryMs } = options;
  const askRecords = createRecordAsker(access);
  const askSnapshots = createSnapshotAsker(access, options.log);
  let peers = new Map<string, Peer>();
  let isResolving = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  /** The name is resolved anew each time, one at a time: a name service that is silent holds one thread of the pool and no more. */
  async function resolve(): Promise<void> {
    if (isResolving) return;
    isResolving = true;
    try {
      const found = await resolvePeers(urls);
      peers = new Map(
        found.map((address) => {
          const key = `${address.url} ${address.address}`;
          return [key, peers.get(key) ?? createPeer(address, options)];
        }),
      );
    } catch {
      // Those that are known are asked all the same.
    } finally {
      isResolving = false;
    }
  }

  async function round(): Promise<void> {
    await resolve();
    if (!isClosed) await Promise.all([...peers.values()].map((peer) => peer.ask()));
  }

  function schedule(): void {
    const waitMs = everyMs * (1 + jitterRatio * (2 * Math.random() - 1));
    timer = setTimeout(() => {
      void round();
      schedule();
    }, waitMs).unref();
  }

  /** The others, one entry each, also where one has several addresses. */
  const others = () => {
    const known = [...peers.values()].filter((peer) => peer.state() !== undefined);
    return [...new Map(known.map((peer) => [peer.state()?.instance, peer])).values()];
  };

  const answering = () => others().filter((peer) => peer.answers());

  const first = round();
  schedule();
  return {
    first,
    standings: () => others().flatMap((peer) => standingOf(peer)),
    async tell(switched) {
      const told = others().map(async (peer) => {
        await askPeer(peer.address, access, { path: '/api/v1/peers/mode', body: switched, maxBytes: 1024 });
        peer.noteMode(switched.mode);
      });
      await Promise.allSettled(told);
    },
    askRecords: (question) => askRecords(answering(), question),
    askSnapshots: (name, signal) => askSnapshots(answering(), name, signal),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function standingOf(peer: Peer): readonly ReplicaStanding[] {
  const state = peer.state();
  if (state === undefined) return [];
  const { replica, version, mode } = state;
  return [{ replica, version, mode, answers: peer.answers() }];
}
