import { createDecider, type DeciderOptions } from '../../scaler/decision/decider.ts';
import type { ScalingPolicy } from '../../scaler/decision/policy.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Scenario, scaleUpTolerance, windowOf } from '../scenario.ts';
import type { Policy } from './contract.ts';

/** The code that serves, in virtual time: its forecaster, its decision, its decision window. The knob is the service level. */
export const forescale: Policy = {
  title: 'Forescale',
  knob: {
    meaning: 'service level',
    values: [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999],
    default: 0.99,
  },
  hpa: 'short-hold',
  create({ scenario, settings }) {
    let known: Knowledge | undefined;
    let observation: ReturnType<DeciderOptions['model']['observed']>;
    const forecaster = () => {
      if (known === undefined) throw new Error('asked before the first tick');
      return known.forecaster();
    };
    const model = {
      observed: () => observation,
      newestSeconds: () => forecaster().newestSeconds,
      peak: (request: Parameters<ReturnType<typeof forecaster>['peak']>[0]) => forecaster().peak(request),
    };
    const deciders = settings.map((serviceLevel) => {
      const policy = policyOf(scenario, serviceLevel);
      return createDecider({
        model,
        policyAt: () => policy,
        quantumSeconds: scenario.lags.refreshIntervalSeconds,
        clock: () => known?.nowSeconds ?? 0,
        isForcedReactive: () => false,
      });
    });
    return {
      signals(next, into) {
        known = next;
        if (!Number.isNaN(next.observed)) {
          observation = {
            value: next.observed,
            atSeconds: next.nowSeconds,
            previousValue: observation?.value,
          };
        }
        for (let i = 0; i < deciders.length; i++) into[i] = deciders[i]!.update()?.signal ?? Number.NaN;
      },
    };
  },
};

function policyOf(scenario: Scenario, serviceLevel: number): ScalingPolicy {
  return {
    threshold: scenario.target,
    activationThreshold: 0,
    serviceLevel,
    hpaTolerance: scaleUpTolerance(scenario),
    mode: 'active',
    windowSeconds: windowOf(scenario),
    freshSeconds: 15,
    blindSeconds: 1800,
  };
}
