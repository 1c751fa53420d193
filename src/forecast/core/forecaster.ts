import { explainFrom } from './answers/explain.ts';
import { forecastFrom } from './answers/forecast.ts';
import { historyFrom } from './answers/history.ts';
import { createPeakAnswers } from './answers/peak.ts';
import { residualCapacity } from './calibration/scored-horizon.ts';
import { judgedStepsOf, type Lengths, lengthsOf } from './clock/lengths.ts';
import { localAxisOf } from './clock/local-axis.ts';
import type {
  ExpectedEvent,
  ExplainRequest,
  ExplainResult,
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  ForecastResult,
  HorizonAccuracy,
  PeakRequest,
  PeakResult,
} from './contract.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { type PooledSeries, pooledSeries } from './engine/engine-pool.ts';
import { type Scratch, sharedScratch } from './memory/scratch.ts';
import type { StateCopier } from './memory/state-copier.ts';

/**
 * Creates a forecaster that has learned nothing.
 *
 * @param options lengths, in seconds, and the time zone; see ForecasterOptions
 * @param scratch working memory of one call; by default all forecasters of a process share it, which changes no answer
 * @throws RangeError that names the option which cannot work: lengths, or an unknown time zone
 */
export function createForecaster(options: ForecasterOptions, scratch: Scratch = sharedScratch): Forecaster {
  return new SeriesForecaster(seriesOf(options, scratch));
}

/** The series of a forecaster: what an engine learns of events is about those of its own calendar. */
function seriesOf(options: ForecasterOptions, scratch: Scratch): ForecastSeries {
  const lengths = lengthsOf(options);
  const axis = localAxisOf(options.timeZone, lengths.gridSeconds);
  const { events = [], timeZone } = options;
  return events.length > 0
    ? ownSeries(lengths, () => createEngine(lengths, axis, scratch, events))
    : pooledSeries({ lengths, timeZone, axis }, scratch);
}

/** What a forecaster needs of its series. */
type ForecastSeries = Pick<
  PooledSeries,
  'lengths' | 'isThere' | 'now' | 'near' | 'letWait' | 'toChange' | 'toRestore' | 'judgeFrom' | 'forget'
>;

/** A class, because a server has one for each of ten thousand workloads: its methods are there once. */
class SeriesForecaster implements Forecaster {
  readonly #series: ForecastSeries;
  readonly #peakFrom = createPeakAnswers();
  newestSeconds: number;

  constructor(series: ForecastSeries) {
    this.#series = series;
    this.newestSeconds = this.#newestOfSeries();
  }

  get stepSeconds(): number {
    return this.#series.lengths.stepSeconds;
  }

  get gridSeconds(): number {
    return this.#series.lengths.gridSeconds;
  }

  get judgedSeconds(): number {
    return judgedStepsOf(this.#series.lengths) * this.gridSeconds;
  }

  get calibratedSeconds(): number {
    return residualCapacity * this.gridSeconds;
  }

  copyState(copier: StateCopier): void {
    const series = this.#series;
    if (!copier.flag(series.isThere)) series.forget();
    else if (copier.isReading) series.toRestore().copyState(copier);
    else series.now().copyState(copier);
    this.newestSeconds = this.#newestOfSeries();
  }

  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean {
    const series = this.#series;
    const { rememberedSteps, longSteps, shortSteps } = series.lengths;
    const silentSeconds = unixSeconds - this.newestSeconds;
    // After a silence longer than the memory nothing that was learned still holds. Walking through it step by step would
    // take for ever where a clock or a unit is wrong (milliseconds in place of seconds).
    const isForgotten = Number.isFinite(silentSeconds) && silentSeconds > rememberedSteps * this.gridSeconds;
    if (isForgotten) series.forget();
    if (series.letWait(unixSeconds, value, isCensored)) {
      this.newestSeconds = unixSeconds;
      return true;
    }
    const engine = series.toChange();
    const hadDemand = engine.unit > 0;
    const isNewest = engine.observe(unixSeconds, value, isCensored);
    // More than a week of zeros before the first demand of all (a query may give them for a workload that did not exist
    // yet) would hide days and weeks for as long again: learning begins anew with the first demand.
    if (!hadDemand && engine.unit > 0 && engine.seen().steps > longSteps + shortSteps) series.forget();
    this.newestSeconds = this.#newestOfSeries();
    return isNewest;
  }

  judgeFrom(unixSeconds: number): void {
    this.#series.judgeFrom(unixSeconds);
  }

  forecast(request: ForecastRequest): ForecastResult {
    return forecastFrom(this.#series.now(), request);
  }

  peak(request: PeakRequest): PeakResult {
    const { windowSeconds, leadSeconds = 0 } = request;
    // Steps within which the window of the peak ends, at most.
    const steps = 1 + Math.ceil((windowSeconds + leadSeconds) / this.gridSeconds);
    return this.#peakFrom(this.#series.near(steps), request);
  }

  accuracy(): readonly HorizonAccuracy[] {
    const { gridSeconds } = this;
    return this.#series.now().horizons.map((horizon) => horizon.accuracy(gridSeconds));
  }

  explain(request: ExplainRequest): ExplainResult {
    return explainFrom(this.#series.now(), request);
  }

  eventsAhead(untilSeconds: number): readonly ExpectedEvent[] {
    return this.#series.now().events?.outlook(untilSeconds) ?? [];
  }

  history(fromSeconds: number, toSeconds: number): ReturnType<Forecaster['history']> {
    return historyFrom(this.#series.now(), fromSeconds, toSeconds);
  }

  #newestOfSeries(): number {
    return this.#series.isThere ? this.#series.now().newestSeconds : Number.NEGATIVE_INFINITY;
  }
}

/** A series with an engine of its own, made with the first row: a server opens hundreds of workloads at once. */
function ownSeries(lengths: Lengths, make: () => Engine): ForecastSeries {
  let made: Engine | undefined;
  let judgedFromSeconds = Number.NEGATIVE_INFINITY;
  const now = () => {
    if (made !== undefined) return made;
    made = make();
    made.judgeFrom(judgedFromSeconds);
    return made;
  };
  return {
    lengths,
    get isThere() {
      return made !== undefined;
    },
    now,
    near: now,
    letWait: () => false,
    toChange: now,
    toRestore() {
      // Into nothing: an event that took place, and who followed it without a calendar, are no part of a state without them.
      made = undefined;
      return now();
    },
    judgeFrom(unixSeconds) {
      judgedFromSeconds = unixSeconds;
      made?.judgeFrom(unixSeconds);
    },
    forget() {
      made = undefined;
    },
  };
}
