import { systemClock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import type { CertificateSource } from '../platform/tls/serving-certificate.ts';
import { createTimeSlices } from '../platform/turns/time-slices.ts';
import { createKnownWorkloadsFile, type KnownTrigger, type Workloads } from '../scaler/index.ts';
import type { ServerFile } from './config.ts';
import { peerAccess } from './peers/peer-access.ts';
import { readPeers } from './peers/read-peers.ts';
import { warmUp } from './warm-up.ts';

/** Longest time the server waits for the first read of known and declared workloads before it reports itself ready. */
const warmUpMs = 60_000;
const housekeepingMs = 5_000;
/** Time between two saves of a list in which only the times of asking have changed. */
const saveMs = 60_000;
/** KEDA asks for each workload twice a minute: a list of which nothing was asked for within this time is of a server that was away. */
const recentSeconds = 300;

/**
 * Opens the workloads that are declared in the server's file, known from before a restart, or known to a peer. It removes
 * workloads that KEDA no longer asks for and saves the others, soon after a change and once a minute, and when the server closes.
 */
export async function keepWorkloads(
  workloads: Workloads,
  options: {
    readonly file: ServerFile;
    readonly stateDir: string | undefined;
    readonly peers?: string | undefined;
    readonly apiTokenFile: string | undefined;
    readonly certificates: CertificateSource | undefined;
    readonly log: Logger;
  },
  lifecycle: Lifecycle,
): ReturnType<typeof warmUp> {
  const { file, stateDir, peers, apiTokenFile, certificates, log } = options;
  const known =
    stateDir === undefined ? undefined : createKnownWorkloadsFile(stateDir, { clock: systemClock, log });
  const access = await peerAccess(apiTokenFile, certificates);
  const saved = (await known?.load()) ?? [];
  // A replica that was replaced has no state, and one that was away has an old one; its peers know what KEDA asks for and is served.
  const isRecent = saved.some(({ askedSecondsAgo }) => askedSecondsAgo <= recentSeconds);
  const told =
    isRecent || peers === undefined ? [] : await readPeers({ url: peers, access, clock: systemClock, log });
  const remembered = new Map(saved.map((known) => [wordsOf(known), known]));
  // A peer of another version, or one that does not ask the cluster, does not say all that is known.
  for (const known of told) remembered.set(wordsOf(known), { ...remembered.get(wordsOf(known)), ...known });
  const closing = new AbortController();
  const warm = await warmUp(workloads, file.workloads ?? [], [...remembered.values()], {
    timeoutMs: warmUpMs,
    log,
    signal: closing.signal,
  });
  // Until all that was known is open again, a list of what is open would forget the rest.
  let isOpen = false;
  void warm.opened.then((isWhole) => {
    isOpen = isWhole;
  });
  let savedGeneration = workloads.generation();
  let savedMs = performance.now();
  const keepHouse = async () => {
    // All at once would hold the event loop for 30 ms where there are ten thousand.
    const slices = createTimeSlices();
    for (const _ of workloads.forgettingIdle()) if (slices.isOver()) await slices.nextTurn();
    // A new workload is saved soon, so that a crash in its first minute is no cold start.
    const isNew = workloads.generation() !== savedGeneration;
    if (!isOpen || (!isNew && performance.now() - savedMs < saveMs)) return;
    savedGeneration = workloads.generation();
    savedMs = performance.now();
    await known?.save(workloads.eachRef());
  };
  let kept = Promise.resolve();
  let isKeeping = false;
  const housekeeping = setInterval(() => {
    if (isKeeping) return;
    isKeeping = true;
    kept = keepHouse().finally(() => {
      isKeeping = false;
    });
  }, housekeepingMs);
  lifecycle.onClose('housekeeping', async () => {
    clearInterval(housekeeping);
    closing.abort();
    await kept;
    if (isOpen) await known?.save(workloads.eachRef());
  });
  return warm;
}

/** What tells a known trigger from others. */
const wordsOf = ({ namespace, name, scalerMetadata }: KnownTrigger) =>
  JSON.stringify([namespace, name, scalerMetadata]);
