import type { CompleteRules } from './behavior.ts';
import { hpaDefaults } from './defaults.ts';
import { createSlidingExtreme, type SlidingExtreme } from './sliding-extreme.ts';
import type { StateCopier, Stateful } from './state-copier.ts';

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
  return new WindowsStabilizer(lowest, highest);
}

/** A class, as StartingFleet is. */
class WindowsStabilizer implements Stabilizer {
  readonly #lowest: SlidingExtreme;
  readonly #highest: SlidingExtreme;

  constructor(lowest: SlidingExtreme, highest: SlidingExtreme) {
    this.#lowest = lowest;
    this.#highest = highest;
  }

  stabilize(recommended: number, currentReplicas: number, nowSeconds: number): number {
    const risen = Math.max(currentReplicas, this.#lowest.note(recommended, nowSeconds));
    return Math.min(risen, this.#highest.note(recommended, nowSeconds));
  }

  copyState(copier: StateCopier): void {
    this.#lowest.copyState(copier);
    this.#highest.copyState(copier);
  }
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
    copyState: (copier) => highest.copyState(copier),
  };
}
