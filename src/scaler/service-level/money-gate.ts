import type { Stateful } from '../../forecast/index.ts';

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
  let playedDays = 0;
  let forecastCost = 0;
  let reactiveCost = 0;
  let isTrusted = true;
  let trust = 1;
  return {
    get trust() {
      return trust;
    },
    get hasPlayed() {
      return playedDays >= enoughDays;
    },
    copyState(copier) {
      playedDays = copier.number(playedDays);
      forecastCost = copier.number(forecastCost);
      reactiveCost = copier.number(reactiveCost);
      isTrusted = copier.flag(isTrusted);
      trust = copier.number(trust);
    },
    learn(forecastReplicas, reactiveReplicas, days) {
      if (!(days > 0)) return;
      playedDays += days;
      const rate = Math.min(1, Math.max(days / rememberedDays, days / playedDays));
      forecastCost += rate * (forecastReplicas - forecastCost);
      reactiveCost += rate * (reactiveReplicas - reactiveCost);
      if (playedDays < enoughDays) return;
      if (forecastCost > loseRatio * reactiveCost) isTrusted = false;
      else if (forecastCost < regainRatio * reactiveCost) isTrusted = true;
      trust = Math.min(1, Math.max(0, trust + (isTrusted ? days : -days) / fadeDays));
    },
  };
}
