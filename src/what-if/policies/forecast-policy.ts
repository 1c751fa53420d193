import { rowSeconds } from '../demand.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Scenario, windowOf } from '../scenario.ts';
import type { Policy } from './contract.ts';
import { raised, usualFactors } from './raised.ts';

/** A forecast of others: the largest demand that it expects within some time from now; NaN = it cannot tell yet. */
export interface PeakForecast {
  peak(known: Knowledge): number;
}

/**
 * A policy that scales on a forecast: its peak times the knob, and never below what is observed, raised over the HPA's tolerance as
 * our signal is (both in its favour). Where it has no forecast it is reactive. The forecast is asked once for each row.
 */
export function forecastPolicy(
  title: string,
  create: (scenario: Scenario, windowSeconds: number) => PeakForecast,
): Policy {
  return {
    title,
    knob: { meaning: 'factor on the forecast', values: usualFactors, default: 1 },
    hpa: 'short-hold',
    create({ scenario, settings }) {
      const forecast = create(scenario, windowOf(scenario) + rowSeconds);
      let asked = -1;
      let peak = Number.NaN;
      return {
        signals(known, into) {
          if (known.rowCount !== asked) peak = forecast.peak(known);
          asked = known.rowCount;
          for (let i = 0; i < settings.length; i++) {
            const wanted = Number.isNaN(peak)
              ? known.observed
              : Math.max(known.observed, settings[i]! * peak);
            into[i] = raised(wanted, scenario);
          }
        },
      };
    },
  };
}
