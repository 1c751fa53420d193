import type { StateCopier, Stateful } from '../../forecast/index.ts';

/** Time over which costs are compared, in days (or short seasons). */
const rememberedDays = 7;
/** Time that must have been played before trust can be lost. */
const enoughDays = 1;
/** Time in which trust goes from 1 to 0 and back: an hour of a day. */
const fadeDays = 1 / 24;
/** Hysteresis: trust is lost above the first ratio of costs and regained below the second. */
const loseRatio = 1.05;
const regainRatio = 0.98;

/** Decides which of two rules is served, by what each lately cost at the promised service. */
export interface MoneyGate extends Stateful {
  /** 1 = the forecast is served … 0 = the reactive rule is. */
  readonly trust: number;
  /** Whether enough was played to compare. */
  readonly hasPlayed: boolean;
  /** Learns the replicas that each rule had for some days (a fraction of one, as a rule). */
  learn(forecastReplicas: number, reactiveReplicas: number, days: number): void;
}

/** A gate that trusts the forecast, until it has been the dearer rule for a while. */
export function createMoneyGate(): MoneyGate {
  return new ComparedCosts();
}

/** A class, as StartingFleet of the controllers is. */
class ComparedCosts implements MoneyGate {
  trust = 1;
  #playedDays = 0;
  #forecastCost = 0;
  #reactiveCost = 0;
  #isTrusted = true;

  get hasPlayed(): boolean {
    return this.#playedDays >= enoughDays;
  }

  copyState(copier: StateCopier): void {
    this.#playedDays = copier.number(this.#playedDays);
    this.#forecastCost = copier.number(this.#forecastCost);
    this.#reactiveCost = copier.number(this.#reactiveCost);
    this.#isTrusted = copier.flag(this.#isTrusted);
    this.trust = copier.number(this.trust);
  }

  learn(forecastReplicas: number, reactiveReplicas: number, days: number): void {
    if (!(days > 0)) return;
    this.#playedDays += days;
    const rate = Math.min(1, Math.max(days / rememberedDays, days / this.#playedDays));
    this.#forecastCost += rate * (forecastReplicas - this.#forecastCost);
    this.#reactiveCost += rate * (reactiveReplicas - this.#reactiveCost);
    if (!this.hasPlayed) return;
    if (this.#forecastCost > loseRatio * this.#reactiveCost) this.#isTrusted = false;
    else if (this.#forecastCost < regainRatio * this.#reactiveCost) this.#isTrusted = true;
    this.trust = Math.min(1, Math.max(0, this.trust + (this.#isTrusted ? days : -days) / fadeDays));
  }
}
