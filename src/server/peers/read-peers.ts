import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import { type KnownTrigger, parseKnownLines } from '../../scaler/index.ts';
import { askPeer, type PeerAccess, peerMs } from './ask-peer.ts';
import { parsePeerUrls, resolvePeers } from './peer-addresses.ts';

/** Route under which a replica tells another what KEDA asks for; it needs the API token. */
export const knownWorkloadsPath = '/api/v1/known-workloads';
/** A list of ten thousand workloads is some megabytes. */
const maxListBytes = 32 * 1024 * 1024;

interface ReadPeersOptions {
  /** URL of a name that resolves to every replica, such as that of a headless Service; or several, with commas in between. */
  readonly url: string;
  readonly access: PeerAccess;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The triggers that KEDA asks the other replicas for, so that a replica that has replaced another is warm before it says ready.
 * Asks one peer after the other until one has any; empty where there is none, as for the first replica of all.
 */
export async function readPeers({
  url,
  access,
  clock,
  log,
}: ReadPeersOptions): Promise<readonly KnownTrigger[]> {
  const urls = parsePeerUrls(url);
  const found = within(peerMs, resolvePeers(urls));
  const addresses = await found.catch((error: unknown) => {
    log.info({ peer: urls.map((one) => new URL(one).hostname), error: String(error) }, 'peer-not-asked');
    return [];
  });
  for (const peer of addresses) {
    try {
      const text = await askPeer(peer, access, { path: knownWorkloadsPath, maxBytes: maxListBytes });
      const { known, wrong } = await parseKnownLines(text, clock);
      if (wrong.length > 0) log.warn({ peer: peer.address, wrong }, 'known-workloads-left-out');
      if (known.length === 0) continue;
      log.info({ peer: peer.address, workloads: known.length }, 'peer-asked');
      return known;
    } catch (error) {
      // This replica itself is among the addresses and does not listen yet.
      log.info({ peer: peer.address, error: String(error) }, 'peer-not-asked');
    }
  }
  return [];
}
