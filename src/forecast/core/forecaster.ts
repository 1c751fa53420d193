import { explainFrom } from './answers/explain.ts';
import { forecastFrom } from './answers/forecast.ts';
import { historyFrom } from './answers/history.ts';
import { createPeakAnswers } from './answers/peak.ts';
import { residualCapacity } from './calibration/scored-horizon.ts';
import { judgedStepsOf, lengthsOf } from './clock/lengths.ts';
import { localAxisOf } from './clock/local-axis.ts';
import type {
  ExplainRequest,
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  PeakRequest,
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
  const lengths = lengthsOf(options);
  const { stepSeconds, gridSeconds } = lengths;
  const forgottenAfterSeconds = lengths.rememberedSteps * gridSeconds;
  const axis = localAxisOf(options.timeZone, gridSeconds);
  const { events = [], timeZone } = options;
  // What an engine learns of events is about those of its own calendar.
  const series =
    events.length > 0
      ? ownSeries(() => createEngine(lengths, axis, scratch, events))
      : pooledSeries({ lengths, timeZone, axis }, scratch);
  const engineNow = () => series.now();
  /** Steps within which the window of a peak ends, at most. */
  const stepsOf = ({ windowSeconds, leadSeconds = 0 }: PeakRequest) =>
    1 + Math.ceil((windowSeconds + leadSeconds) / gridSeconds);
  const peakFrom = createPeakAnswers();
  const newestSeconds = () => (series.isThere ? engineNow().newestSeconds : Number.NEGATIVE_INFINITY);
  const forecaster = {
    stepSeconds,
    gridSeconds,
    newestSeconds: newestSeconds(),
    copyState(copier: StateCopier): void {
      if (!copier.flag(series.isThere)) series.forget();
      else if (copier.isReading) series.toRestore().copyState(copier);
      else series.now().copyState(copier);
      forecaster.newestSeconds = newestSeconds();
    },
    observe(unixSeconds: number, value: number, isCensored?: boolean): boolean {
      const silentSeconds = unixSeconds - forecaster.newestSeconds;
      // After a silence longer than the memory nothing that was learned still holds. Walking through it step by step would
      // take for ever where a clock or a unit is wrong (milliseconds in place of seconds).
      const isForgotten = Number.isFinite(silentSeconds) && silentSeconds > forgottenAfterSeconds;
      if (isForgotten) series.forget();
      if (series.letWait(unixSeconds, value, isCensored)) {
        forecaster.newestSeconds = unixSeconds;
        return true;
      }
      const engine = series.toChange();
      const hadDemand = engine.unit > 0;
      const isNewest = engine.observe(unixSeconds, value, isCensored);
      // More than a week of zeros before the first demand of all (a query may give them for a workload that did not exist
      // yet) would hide days and weeks for as long again: learning begins anew with the first demand.
      if (!hadDemand && engine.unit > 0 && engine.seen().steps > lengths.longSteps + lengths.shortSteps)
        series.forget();
      forecaster.newestSeconds = newestSeconds();
      return isNewest;
    },
    judgedSeconds: judgedStepsOf(lengths) * gridSeconds,
    calibratedSeconds: residualCapacity * gridSeconds,
    judgeFrom: (unixSeconds: number) => series.judgeFrom(unixSeconds),
    forecast: (request: ForecastRequest) => forecastFrom(engineNow(), request),
    peak: (request: PeakRequest) => peakFrom(series.near(stepsOf(request)), request),
    accuracy: () => engineNow().horizons.map((horizon) => horizon.accuracy(gridSeconds)),
    explain: (request: ExplainRequest) => explainFrom(engineNow(), request),
    eventsAhead: (untilSeconds: number) => engineNow().events?.outlook(untilSeconds) ?? [],
    history: (fromSeconds: number, toSeconds: number) => historyFrom(engineNow(), fromSeconds, toSeconds),
  } satisfies Forecaster;
  return forecaster;
}

/** A series with an engine of its own, made with the first row: a server opens hundreds of workloads at once. */
function ownSeries(
  make: () => Engine,
): Pick<
  PooledSeries,
  'isThere' | 'now' | 'near' | 'letWait' | 'toChange' | 'toRestore' | 'judgeFrom' | 'forget'
> {
  let made: Engine | undefined;
  let judgedFromSeconds = Number.NEGATIVE_INFINITY;
  const now = () => {
    if (made !== undefined) return made;
    made = make();
    made.judgeFrom(judgedFromSeconds);
    return made;
  };
  return {
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
