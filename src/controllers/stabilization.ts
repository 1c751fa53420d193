/** What the metric alone asked for at one moment, before limits. */
export interface Recommendation {
  readonly atSeconds: number;
  readonly replicas: number;
}

export interface StabilizationWindows {
  readonly scaleUpSeconds: number;
  readonly scaleDownSeconds: number;
}

/**
 * The recommendation held back by what was recommended before: up no further than the lowest of the scale-up window,
 * down no further than the highest of the scale-down window.
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
 * The same for an HPA without `behavior`: simply the highest of the window, which may even lie above the current
 * count when an earlier wish was cut short by a limit.
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

/** The past with one more recommendation, and without those that no window can reach any more. */
export function remember(
  past: readonly Recommendation[],
  newest: Recommendation,
  longestWindowSeconds: number,
): readonly Recommendation[] {
  const kept = past.filter(({ atSeconds }) => atSeconds >= newest.atSeconds - longestWindowSeconds);
  return [...kept, newest];
}
