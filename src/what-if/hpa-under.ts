import type { HpaBehavior, ScalingPolicy } from '../controllers/index.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';

/** Seconds for which scale-downs are held where a policy looks ahead itself: what docs/configuration.md recommends. */
const shortHoldSeconds = 60;

/** Scales to any number in one sync. */
const instantly: ScalingPolicy = { type: 'Pods', value: 1_000_000, periodSeconds: 1 };
const withoutHpa: HpaBehavior = {
  scaleUp: { policies: [instantly] },
  scaleDown: { policies: [instantly], stabilizationWindowSeconds: 0 },
};

/** The HPA that a policy has beneath it. */
export function hpaUnder(
  { hpa }: Policy,
  { behavior, tolerance }: Scenario,
): Pick<Scenario, 'behavior' | 'tolerance'> {
  switch (hpa) {
    case 'own':
      return { behavior, tolerance };
    case 'short-hold':
      return {
        behavior: {
          ...behavior,
          scaleDown: { ...behavior?.scaleDown, stabilizationWindowSeconds: shortHoldSeconds },
        },
        tolerance,
      };
    case 'none':
      return { behavior: withoutHpa, tolerance: 0 };
  }
}
