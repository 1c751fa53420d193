import type { RowFollower } from '../../forecast/core/index.ts';
import { createDecider, type DeciderOptions } from '../../scaler/decision/decider.ts';
import type { ScalingPolicy } from '../../scaler/decision/policy.ts';
import {
  createPlayedService,
  type PlayedService,
  unplayedService,
} from '../../scaler/service-level/played-service.ts';
import type { Knowledge } from '../knowledge.ts';
import { leadTimeSecondsOf, type Scenario, scaleUpTolerance, windowOf } from '../scenario.ts';
import type { Policy } from './contract.ts';

/**
 * The code that serves, in virtual time: its forecaster, its decision, its decision window and the service that it plays. The knob
 * is the service level.
 */
export const forescale: Policy = {
  title: 'Forescale',
  knob: {
    meaning: 'service level',
    values: [0.95, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.998, 0.999],
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
    const services = settings.map((serviceLevel) => createServiceOf(scenario, serviceLevel));
    const deciders = settings.map((serviceLevel, index) => {
      const policy = policyOf(scenario, serviceLevel);
      const unplayed = unplayedService(serviceLevel);
      return createDecider({
        model,
        policyAt: () => policy,
        service: () => services[index]?.state() ?? unplayed,
        quantumSeconds: scenario.serving.lags.refreshIntervalSeconds,
        clock: () => known?.nowSeconds ?? 0,
        isForcedReactive: () => false,
      });
    });
    const active = new Uint8Array(settings.length);
    let kept: readonly number[] = settings.map((_, place) => place);
    /** The service of one setting learns for as long as the setting is played. */
    const followed = (place: number): RowFollower => ({
      follow(...row) {
        if (kept.includes(place)) services[place]?.follow(...row);
      },
    });
    return {
      begin(next) {
        known = next;
        for (const place of kept) next.follow(followed(place));
      },
      signals(next, into) {
        if (!Number.isNaN(next.observed)) {
          observation = {
            value: next.observed,
            atSeconds: next.nowSeconds,
            previousValue: observation?.value,
          };
        }
        for (const i of kept) {
          const decision = deciders[i]!.update();
          into[i] = decision?.signal ?? Number.NaN;
          active[i] = decision?.active === true ? 1 : 0;
        }
      },
      isActive: (setting) => active[setting] === 1,
      keep(places) {
        kept = places;
      },
    };
  },
};

const daySeconds = 86_400;

/** The service of a workload with these replicas, as the server plays it. */
function createServiceOf(scenario: Scenario, serviceLevel: number): PlayedService {
  const rule = {
    threshold: scenario.target,
    capacity: scenario.capacity,
    hpaTolerance: scaleUpTolerance(scenario),
    knowsReplicas: false,
    serviceLevel,
    windowSeconds: windowOf(scenario),
    leadTimeSeconds: leadTimeSecondsOf(scenario),
    settleSeconds: scenario.serving.settleSeconds,
    rateWindowSeconds: scenario.rateWindowSeconds,
    scrapeIntervalSeconds: scenario.serving.lags.scrapeIntervalSeconds,
    seasonSeconds: scenario.seasonSeconds ?? daySeconds,
  };
  // What it brings is counted by the player.
  return createPlayedService(rule, { countsOutcome: false });
}

function policyOf(scenario: Scenario, serviceLevel: number): ScalingPolicy {
  return {
    threshold: scenario.target,
    activationThreshold: scenario.keda.activationThreshold,
    serviceLevel,
    hpaTolerance: scaleUpTolerance(scenario),
    mode: 'active',
    windowSeconds: windowOf(scenario),
    freshSeconds: scenario.serving.freshSeconds,
    blindSeconds: scenario.serving.blindSeconds,
  };
}
