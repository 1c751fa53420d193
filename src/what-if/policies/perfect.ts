import { tickSeconds } from '../demand.ts';
import { windowOf } from '../scenario.ts';
import { createAheadMaximum } from '../window-maximum.ts';
import type { Policy } from './contract.ts';
import { raised } from './raised.ts';

/** Knows the largest demand of the decision window, and scales by the same HPA: what no forecast can do better. */
export const perfect: Policy = {
  title: 'perfect foresight',
  knob: {
    meaning: 'factor on the peak',
    values: [0.8, 0.9, 0.95, 1, 1.05],
    default: 1,
  },
  hpa: 'short-hold',
  create({ scenario, settings, truth }) {
    const peaks = createAheadMaximum(truth.ticks, Math.ceil(windowOf(scenario) / tickSeconds));
    return {
      signals({ nowSeconds, observed }, into) {
        const tick = Math.round((nowSeconds - truth.firstSeconds) / tickSeconds);
        for (let i = 0; i < settings.length; i++) {
          into[i] = raised(Math.max(observed, settings[i]! * peaks[tick]!), scenario);
        }
      },
    };
  },
};
