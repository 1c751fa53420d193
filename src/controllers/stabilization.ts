/** The number of replicas that the metrics asked for at one moment, before limits. */
export interface Recommendation {
  readonly atSeconds: number;
  readonly replicas: number;
}

export interface StabilizationWindows {
  readonly scaleUpSeconds: number;
  readonly scaleDownSeconds: number;
}

/**
 * Limits a recommendation by earlier ones: it rises no higher than the lowest recommendation within the scale-up window and
 * falls no lower than the highest within the scale-down window.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, stabilizeRecommendationWithBehaviors.
 */
export function stabilize(
  recommended: number,
  currentReplicas: number,
  past: readonly Recommendation[],
  windows: StabilizationWindows,
  nowSeconds: number,
): number {
  let lowest = recommended;
  let highest = recommended;
  for (const { atSeconds, replicas } of past) {
    if (atSeconds > nowSeconds - windows.scaleUpSeconds) lowest = Math.min(lowest, replicas);
    if (atSeconds > nowSeconds - windows.scaleDownSeconds) highest = Math.max(highest, replicas);
  }
  return Math.min(Math.max(currentReplicas, lowest), highest);
}

/**
 * Limits a recommendation of an HPA without `behavior`: the highest recommendation within the window. It may exceed the current
 * count if a limit cut an earlier recommendation.
 * Source: horizontal.go, stabilizeRecommendation.
 */
export function stabilizeWithoutBehavior(
  recommended: number,
  past: readonly Recommendation[],
  windowSeconds: number,
  nowSeconds: number,
): number {
  let highest = recommended;
  for (const { atSeconds, replicas } of past) {
    if (atSeconds >= nowSeconds - windowSeconds) highest = Math.max(highest, replicas);
  }
  return highest;
}

/** Adds a recommendation to the past ones and drops those older than the longest window. */
export function remember(
  past: readonly Recommendation[],
  newest: Recommendation,
  longestWindowSeconds: number,
): readonly Recommendation[] {
  const kept = past.filter(({ atSeconds }) => atSeconds >= newest.atSeconds - longestWindowSeconds);
  return [...kept, newest];
}
