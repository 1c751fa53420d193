import { randomUUID } from 'node:crypto';
import { mostToldTriggers, type PeerSide, peerProtocol, type ReplicaStanding } from '../../api/peers.ts';
import type { ApiOptions } from '../../api/ports.ts';
import type { DecisionRecord, DemandModels } from '../../forecast/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import type { Lifecycle } from '../../platform/process/lifecycle.ts';
import type { CertificateSource } from '../../platform/tls/serving-certificate.ts';
import { isOpenMetadata, knownLines, type Workloads } from '../../scaler/index.ts';
import type { AddedEvents } from '../calendars/added-events.ts';
import type { EventLog } from '../event-log.ts';
import type { OpenArchive } from '../open-archive.ts';
import { peerMs } from './ask-peer.ts';
import { followPeers, type Peers } from './follow-peers.ts';
import { peerAccess } from './peer-access.ts';
import { parsePeerUrls } from './peer-addresses.ts';
import type { SharedSnapshots } from './peer-snapshots.ts';
import type { SharedMode } from './shared-mode.ts';
import { sharedEvents, shareRecord } from './shared-record.ts';
import { createToldSnapshots } from './told-snapshots.ts';

interface PeersOptions {
  readonly peers?: string | undefined;
  readonly apiTokenFile: string | undefined;
  readonly version: string;
  readonly log: Logger;
}

interface PeersParts {
  readonly certificates: CertificateSource | undefined;
  /** Name of this replica. */
  readonly replica: string;
  readonly workloads: Workloads;
  readonly mode: SharedMode;
  readonly calendars: { readonly added: AddedEvents };
  readonly ownRecord: DecisionRecord;
  readonly eventLog: EventLog;
  readonly archive: OpenArchive | undefined;
  readonly models: Pick<DemandModels, 'snapshot'>;
  readonly snapshots: Pick<SharedSnapshots, 'shareWith'>;
  /** For how long a decision is in force at most. */
  readonly inForceSeconds: number;
  readonly monotonic: () => number;
  readonly lifecycle: Lifecycle;
}

/** What the API has of the other replicas, and the record of all of them. */
type Shared = Required<Pick<ApiOptions, 'knownLines' | 'modeSwitch' | 'replicas' | 'events'>> & {
  readonly archive: ApiOptions['archive'];
  readonly peerSide: PeerSide;
  readonly record: DecisionRecord;
};

/** A replica that runs alone. */
const nobody: Pick<Peers, 'standings' | 'tell' | 'askRecords' | 'askSnapshots'> = {
  standings: () => [],
  tell: async () => undefined,
  askRecords: async () => [],
  async *askSnapshots() {},
};

/** Begins to ask the other replicas, if there is a name for them, and waits for the first answers for some seconds at most. */
export async function openPeers(options: PeersOptions, parts: PeersParts): Promise<Shared> {
  const { peers: url, apiTokenFile, log } = options;
  const { workloads, mode, ownRecord, eventLog, monotonic, lifecycle } = parts;
  const instance = randomUUID();
  let peers = nobody;
  if (url !== undefined) {
    const access = await peerAccess(apiTokenFile, parts.certificates);
    const urls = parsePeerUrls(url);
    const following = followPeers({
      ...{ urls, access, instance, mode, workloads, log, monotonic },
      calendarEvents: parts.calendars.added,
      clock: systemClock,
    });
    lifecycle.onClose('peers', () => following.close());
    // A replica that starts does what the others were switched to from its first answer on.
    await within(peerMs, following.first).catch(() => undefined);
    peers = following;
  }
  parts.archive?.shareWith(peers.askRecords);
  parts.snapshots.shareWith(peers.askSnapshots);
  return {
    archive: parts.archive?.own.state,
    record: shareRecord(ownRecord, peers, parts.inForceSeconds),
    peerSide: {
      ...peerSide(instance, options, parts),
      ownRecord,
      ownEvents: eventLog.since,
      snapshot: createToldSnapshots(parts.models, apiTokenFile !== undefined),
      ownArchive: parts.archive?.own,
    },
    events: (sinceSeconds) => sharedEvents(eventLog.since(sinceSeconds), peers, sinceSeconds),
    modeSwitch: {
      mode: mode.mode,
      setMode: (wanted) => peers.tell(mode.switchTo(wanted)),
    },
    replicas: () => byName([standing(options, parts), ...peers.standings()]),
    knownLines(keys) {
      const wanted = keys && new Set(keys);
      const refs = workloads.refs().filter(({ key }) => wanted?.has(key) ?? true);
      // Without a token everybody who reaches the port may ask.
      const isOpen = apiTokenFile === undefined;
      const told = isOpen ? refs.filter(({ scalerMetadata }) => isOpenMetadata(scalerMetadata)) : refs;
      return knownLines(told, systemClock);
    },
  };
}

function standing({ version }: PeersOptions, { replica, mode }: PeersParts): ReplicaStanding {
  return { replica, version, mode: mode.mode(), answers: true };
}

function byName(replicas: readonly ReplicaStanding[]): readonly ReplicaStanding[] {
  return replicas.toSorted((a, b) => (a.replica < b.replica ? -1 : 1));
}

function peerSide(
  instance: string,
  { version }: PeersOptions,
  { replica, workloads, mode, calendars }: PeersParts,
): Pick<PeerSide, 'state' | 'takeMode'> {
  const rounded = (ageSeconds: number | undefined) =>
    ageSeconds === undefined ? null : Math.round(10 * ageSeconds) / 10;
  return {
    takeMode: (switched) => mode.take(switched),
    state: () => ({
      protocol: peerProtocol,
      ...{ replica, instance, version, mode: mode.mode() },
      switched: mode.switched() ?? null,
      calendarEvents: calendars.added.told(),
      asked: workloads
        .asked()
        .slice(0, mostToldTriggers)
        .map(({ key, askedSecondsAgo, streamedSecondsAgo, openedSecondsAgo }) => [
          key,
          rounded(askedSecondsAgo),
          rounded(streamedSecondsAgo),
          rounded(openedSecondsAgo),
        ]),
    }),
  };
}
