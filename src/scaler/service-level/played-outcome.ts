import { hpaDefaults } from '../../controllers/index.ts';
import type { StateCopier, Stateful } from '../../forecast/index.ts';
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
  return new BesideReactive(createPlayedFleet(rule, reactiveHoldSeconds, firstDemand));
}

/** A class, as StartingFleet of the controllers is. */
class BesideReactive implements PlayedOutcome {
  readonly time = createServedTime();
  readonly #plain: PlayedFleet;

  constructor(plain: PlayedFleet) {
    this.#plain = plain;
  }

  copyState(copier: StateCopier): void {
    this.#plain.copyState(copier);
    this.time.copyState(copier);
  }

  note(nowSeconds: number, demand: number, observed: number, served: PlayedFleet): void {
    this.#plain.tick(nowSeconds, demand, observed);
    this.time.add(nowSeconds, hpaDefaults.syncSeconds, served, this.#plain);
  }
}
