/** Measurements of a fleet at one moment. */
export interface FleetSample {
  /** Time of the sample, unix seconds. */
  readonly t: number;
  /** Number of replicas asked for, including those that are still starting. */
  readonly replicas: number;
  readonly ready: number;
  /** Requests per second sent to the fleet. */
  readonly demand: number;
  /** Requests per second that the ready replicas can serve. */
  readonly capacity: number;
  /** Requests rejected so far. */
  readonly shed?: number;
  /** 95th percentile of the latencies of the last seconds. */
  readonly p95Ms?: number;
}

export interface ScaleUpVerdict {
  /** Times the replicas were raised. */
  readonly total: number;
  /** Scale-ups that were asked for while demand was within the target of the replicas before them, however long pods took to start. */
  readonly askedAhead: number;
  /** Scale-ups that were ready before demand exceeded the target of the replicas before them. */
  readonly aheadOfDemand: number;
  /** Share of the time in which demand was above capacity, 0–1. */
  readonly shortTimeShare: number;
}

/**
 * Judges the scale-ups of a run by its samples. A scale-up is ahead when demand stays within the target of the old replicas
 * until the new ones are ready. One that still starts at the end is ahead when demand has not exceeded that target.
 */
export function judgeScaleUps(samples: readonly FleetSample[], targetPerReplica: number): ScaleUpVerdict {
  let total = 0;
  let askedAhead = 0;
  let aheadOfDemand = 0;
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || sample.replicas <= before.replicas) continue;
    total++;
    const oldCapacity = before.replicas * targetPerReplica;
    if (sample.demand <= oldCapacity) askedAhead++;
    const rest = samples.slice(index);
    const readyAt = rest.findIndex((later) => later.ready >= sample.replicas);
    const starting = readyAt === -1 ? rest : rest.slice(0, readyAt);
    if (starting.every((later) => later.demand <= oldCapacity)) aheadOfDemand++;
  }
  const short = samples.filter((sample) => sample.demand > sample.capacity).length;
  const shortTimeShare = samples.length === 0 ? 0 : short / samples.length;
  return { total, askedAhead, aheadOfDemand, shortTimeShare };
}
