import type { Forecaster, KeptFollower, StateCopier } from '../../forecast/index.ts';
import { capRatio } from '../decision/policy.ts';
import { type AskedBound, firstAsked } from './asked-level.ts';
import { createKnownRows, type KnownRows, rowDelaySeconds } from './known-rows.ts';
import { createPlayedOutcome, type PlayedOutcome } from './played-outcome.ts';
import { type PlayedBound, PlayedRules } from './played-rules.ts';
import type { ServedTime } from './served-time.ts';
import type { ServiceRule } from './service-rule.ts';

/** How the service promised is to be delivered now. */
export interface ServiceState {
  readonly asked: AskedBound;
  /** Headroom of the reactive rule: its factor at the usual demand, see `withHeadroom`. */
  readonly headroom: number;
  readonly usualDemand: number;
  /** 1 = the forecast is served … 0 = the reactive rule with its headroom. */
  readonly trust: number;
  /** Highest demand of the rows of the last five minutes; 0 where there are none. */
  recentMaximum(nowSeconds: number): number;
}

/** Plays the decisions of a workload through the HPA and the start-up of its replicas, row by row, and learns from the outcome. */
export interface PlayedService extends KeptFollower {
  /** Undefined before there was a forecast to play. */
  state(): ServiceState | undefined;
  /** What the decisions brought; undefined as long, and where that is not counted. */
  served(): Omit<ServedTime, 'add'> | undefined;
}

/** What is served before anything was played: the bound at the promised level itself. */
export function unplayedService(serviceLevel: number): ServiceState {
  return {
    asked: { level: serviceLevel, factor: 1, margin: 1 },
    headroom: 1,
    usualDemand: 0,
    recentMaximum: noRows,
    trust: 1,
  };
}

const noRows = () => 0;

/** A play that has seen nothing. `countsOutcome`: whether it also tells what the decisions brought (default: it does). */
export function createPlayedService(rule: ServiceRule, { countsOutcome = true } = {}): PlayedService {
  return new PlayedRows(rule, countsOutcome);
}

/** A class, as StartingFleet of the controllers is. */
class PlayedRows implements PlayedService {
  readonly #rule: ServiceRule;
  readonly #countsOutcome: boolean;
  /**
   * Bounds that were made at the last rows, oldest first, as numbers: each is served from when its row is known. That of a row without a
   * forecast has a margin of NaN.
   */
  readonly #bounds: number[] = [];
  readonly #rows: KnownRows;
  #rules: PlayedRules | undefined;
  #outcome: PlayedOutcome | undefined;
  #newestSeconds = Number.NEGATIVE_INFINITY;
  #countedFromSeconds = Number.NEGATIVE_INFINITY;

  constructor(rule: ServiceRule, countsOutcome: boolean) {
    this.#rule = rule;
    this.#countsOutcome = countsOutcome;
    this.#rows = createKnownRows(rule);
  }

  follow(atSeconds: number, value: number, forecaster: Pick<Forecaster, 'peak'>): void {
    const stepSeconds = atSeconds - this.#newestSeconds;
    if (!(stepSeconds > 0)) return;
    this.#newestSeconds = atSeconds;
    const rows = this.#rows;
    const bound = Number.isFinite(stepSeconds) ? this.#boundServed(forecaster, stepSeconds) : undefined;
    // What is far above all that was credible is an incident or nonsense, from which nothing is learned.
    if (bound === undefined || !(value >= 0 && value <= bound.cap)) {
      rows.clear();
      return;
    }
    const fromSeconds = rows.newestSeconds;
    rows.push(atSeconds, value);
    if (!Number.isFinite(fromSeconds)) return;
    this.#rules ??= this.#begin(value);
    const delaySeconds = rowDelaySeconds(this.#rule);
    const span = { rows, bound, countedFromSeconds: this.#countedFromSeconds };
    this.#rules.play(fromSeconds - delaySeconds, atSeconds - delaySeconds, span);
  }

  countFrom(unixSeconds: number): void {
    this.#countedFromSeconds = unixSeconds;
  }

  copyState(copier: StateCopier): void {
    this.#newestSeconds = copier.number(this.#newestSeconds);
    this.#rows.copyState(copier);
    const { newestSeconds } = this.#rows;
    // A row of long ago would be played from tick by tick.
    if (Number.isFinite(newestSeconds) && newestSeconds !== this.#newestSeconds)
      throw new RangeError('the saved play has rows of another time');
    copier.list(this.#bounds);
    if (copier.flag(this.#rules !== undefined)) this.#rules ??= this.#begin(0);
    this.#rules?.copyState(copier);
    this.#outcome?.copyState(copier);
  }

  state(): ServiceState | undefined {
    const rules = this.#rules;
    if (rules === undefined) return undefined;
    const { usual, gate, recent } = rules;
    return {
      asked: rules.asked(),
      headroom: gate.hasPlayed ? rules.headroom() : 1,
      usualDemand: usual.mean,
      trust: gate.trust,
      recentMaximum: (nowSeconds) => recent.with(0, nowSeconds),
    };
  }

  served(): ServedTime | undefined {
    return this.#outcome?.time;
  }

  #begin(firstDemand: number): PlayedRules {
    if (this.#countsOutcome) this.#outcome = createPlayedOutcome(this.#rule, firstDemand);
    return new PlayedRules(this.#rule, firstDemand, this.#outcome);
  }

  /** Makes the bound of this row, and gives the one that was served lately; undefined where there was no forecast. */
  #boundServed(forecaster: Pick<Forecaster, 'peak'>, stepSeconds: number): PlayedBound | undefined {
    const rule = this.#rule;
    const bounds = this.#bounds;
    const asked = this.#rules?.asked() ?? firstAsked(rule);
    const { value, margin, cap } = makeBound(forecaster, rule, stepSeconds, asked);
    bounds.push(value, margin, cap);
    const delayRows = Math.round((rule.settleSeconds + rowDelaySeconds(rule)) / stepSeconds);
    const over = bounds.length - boundNumbers * (delayRows + 1);
    if (over > 0) bounds.splice(0, over);
    return over < 0 ? undefined : firstOf(bounds);
  }
}

const noBound = { value: Number.NaN, margin: Number.NaN, cap: Number.NaN };
/** Numbers of a bound. */
const boundNumbers = 3;

function firstOf([value = Number.NaN, margin = Number.NaN, cap = Number.NaN]: readonly number[]) {
  return Number.isNaN(margin) ? undefined : { value, margin, cap };
}

/** The bound that is served while the newest row known is the forecaster's: its age then is the time to settle and half a step. */
function makeBound(
  forecaster: Pick<Forecaster, 'peak'>,
  { windowSeconds, settleSeconds }: ServiceRule,
  stepSeconds: number,
  { level, factor, margin }: AskedBound,
): PlayedBound {
  const leadSeconds = settleSeconds + stepSeconds / 2;
  const peak = forecaster.peak({ windowSeconds, leadSeconds, quantiles: [level] });
  if (peak.status === 'learning') return noBound;
  const cap = capRatio * peak.credibleMaximum;
  const value = factor * (peak.bounds[0] ?? Number.NaN);
  return { value: Math.min(cap, value), margin, cap };
}
