import { hpaDefaults } from '../../controllers/index.ts';
import type { Stateful } from '../../forecast/index.ts';
import { createPlayedFleet, type PlayedFleet, reactiveHoldSeconds } from './played-fleet.ts';
import { createServedTime, type ServedTime } from './served-time.ts';
import type { ServiceRule } from './service-rule.ts';

/** What the served rule brings, beside the plain reactive rule on the same demand. */
export interface PlayedOutcome extends Stateful {
  readonly time: ServedTime;
  /** Notes a tick in which `served` was played. */
  note(nowSeconds: number, demand: number, observed: number, served: PlayedFleet): void;
}

export function createPlayedOutcome(rule: ServiceRule, firstDemand: number): PlayedOutcome {
  const plain = createPlayedFleet(rule, reactiveHoldSeconds, firstDemand);
  const time = createServedTime();
  return {
    time,
    copyState(copier) {
      plain.copyState(copier);
      time.copyState(copier);
    },
    note(nowSeconds, demand, observed, served) {
      plain.tick(nowSeconds, demand, observed);
      time.add(nowSeconds, hpaDefaults.syncSeconds, served, plain);
    },
  };
}
