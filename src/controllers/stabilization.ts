import type { CompleteRules } from './behavior.ts';
import { hpaDefaults } from './defaults.ts';
import { createSlidingExtreme } from './sliding-extreme.ts';
import type { Stateful } from './state-copier.ts';

/** Limits recommendations, the numbers of replicas that the metrics ask for, by earlier ones. */
export interface Stabilizer extends Stateful {
  /** Remembers a recommendation and returns it within what earlier ones allow. */
  stabilize(recommended: number, currentReplicas: number, nowSeconds: number): number;
}

/**
 * Rises no higher than the lowest recommendation within the scale-up window and falls no lower than the highest within the
 * scale-down window.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, stabilizeRecommendationWithBehaviors.
 */
export function createStabilizer(rules: {
  readonly scaleUp: CompleteRules;
  readonly scaleDown: CompleteRules;
}): Stabilizer {
  const window = ({ stabilizationWindowSeconds: seconds }: CompleteRules) =>
    ({ seconds, edge: 'is over' }) as const;
  const lowest = createSlidingExtreme('smallest', window(rules.scaleUp));
  const highest = createSlidingExtreme('largest', window(rules.scaleDown));
  return {
    stabilize(recommended, currentReplicas, nowSeconds) {
      const risen = Math.max(currentReplicas, lowest.note(recommended, nowSeconds));
      return Math.min(risen, highest.note(recommended, nowSeconds));
    },
    copyState(copier) {
      lowest.copyState(copier);
      highest.copyState(copier);
    },
  };
}

/**
 * Falls no lower than the highest recommendation of the last 300 s, for an HPA without `behavior`. The result may exceed the
 * current count if a limit cut an earlier recommendation.
 * Source: horizontal.go, stabilizeRecommendation.
 */
export function createStabilizerWithoutBehavior(): Stabilizer {
  const highest = createSlidingExtreme('largest', {
    seconds: hpaDefaults.scaleDownStabilizationSeconds,
    edge: 'counts',
  });
  return {
    stabilize: (recommended, _currentReplicas, nowSeconds) => highest.note(recommended, nowSeconds),
    copyState: highest.copyState,
  };
}
