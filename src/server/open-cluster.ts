import type { Sources } from '../history/profiles.ts';
import { systemClock } from '../platform/clock.ts';
import { within } from '../platform/deadline.ts';
import { invalidField } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { type ClusterFacts, createClusterFacts, type ScalerMetrics } from '../scaler/index.ts';
import type { ServerFile } from './config.ts';

/** Value of `kubeStateMetrics.source` that asks nobody. */
const off = 'off';
/** Longest time the server waits for the first look at the cluster before it reports itself ready. */
const firstLookMs = 60_000;

/**
 * What kube-state-metrics say of the cluster, read from the source that the server's file names, by default the one of triggers that
 * name none. Undefined where there is no such source or it is off. Throws `invalid-argument` for a source that cannot be asked.
 */
export function openCluster(
  { kubeStateMetrics: { source, matchers } = {} }: ServerFile,
  settleSeconds: number,
  parts: {
    readonly sources: Pick<Sources, 'ofServer'>;
    readonly metrics: Pick<ScalerMetrics, 'onRefresh'>;
    readonly log: Logger;
    readonly lifecycle: Lifecycle;
  },
): ClusterFacts | undefined {
  const { sources, metrics, log, lifecycle } = parts;
  if (source === off) return undefined;
  const granted = sources.ofServer(source);
  if (granted === undefined) {
    if (source === undefined) return undefined;
    const message = `kubeStateMetrics.source: "${source}" is no profile of this server, or its series have no labels; name another, or write ${off}`;
    throw invalidField('kubeStateMetrics.source', message);
  }
  const cluster = createClusterFacts({
    metrics: granted,
    matchers,
    settleSeconds,
    clock: systemClock,
    log,
    onRefresh: metrics.onRefresh,
  });
  lifecycle.onClose('cluster', () => cluster.close());
  return cluster;
}

/** Begins to look at the cluster. Settles with the first look, or when its time is over; looking goes on. */
export async function startLooking(cluster: ClusterFacts | undefined, log: Logger): Promise<void> {
  if (cluster === undefined) return;
  await within(firstLookMs, cluster.start()).catch(() => log.warn({}, 'ready-before-cluster-was-read'));
}
