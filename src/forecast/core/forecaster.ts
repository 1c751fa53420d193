import { explainFrom } from './answers/explain.ts';
import { forecastFrom } from './answers/forecast.ts';
import { historyFrom } from './answers/history.ts';
import { peakFrom } from './answers/peak.ts';
import { lengthsOf } from './clock/lengths.ts';
import { localAxisOf } from './clock/local-axis.ts';
import type { Forecaster, ForecasterOptions } from './contract.ts';
import { createEngine } from './engine/engine.ts';
import { type Scratch, sharedScratch } from './memory/scratch.ts';

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
  const newEngine = () => createEngine(lengths, localAxisOf(options.timeZone, gridSeconds), scratch);
  let engine = newEngine();
  return {
    stepSeconds,
    gridSeconds,
    get newestSeconds() {
      return engine.newestSeconds;
    },
    observe(unixSeconds, value, isCensored) {
      const silentSeconds = unixSeconds - engine.newestSeconds;
      // After a silence longer than the memory nothing that was learned still holds. Walking through it step by step would
      // take for ever where a clock or a unit is wrong (milliseconds in place of seconds).
      const isForgotten = Number.isFinite(silentSeconds) && silentSeconds > forgottenAfterSeconds;
      if (isForgotten) engine = newEngine();
      const hadDemand = engine.unit > 0;
      const isNewest = engine.observe(unixSeconds, value, isCensored);
      // More than a week of zeros before the first demand of all (a query may give them for a workload that did not exist
      // yet) would hide days and weeks for as long again: learning begins anew with the first demand.
      if (!hadDemand && engine.unit > 0 && engine.seen().steps > lengths.longSteps + lengths.shortSteps)
        engine = newEngine();
      return isNewest;
    },
    forecast: (request) => forecastFrom(engine, request),
    peak: (request) => peakFrom(engine, request),
    accuracy: () => engine.horizons.map((horizon) => horizon.accuracy(gridSeconds)),
    explain: (request) => explainFrom(engine, request),
    history: (fromSeconds, toSeconds) => historyFrom(engine, fromSeconds, toSeconds),
  };
}
