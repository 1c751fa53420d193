import { meanOf, rowSeconds } from '../demand.ts';
import { createKalman } from '../models/kalman.ts';
import type { Policy } from './contract.ts';
import { usualFactors } from './raised.ts';

/** NVIDIA Dynamo's planner adjusts the replicas every three minutes (`throughput_adjustment_interval`). */
const intervalRows = 180 / rowSeconds;

/** Predicts the mean demand of the next interval from those so far; NaN = it cannot yet. */
interface IntervalPredictor {
  observe(mean: number): void;
  next(): number;
}

/** The planner's predictor `constant`: the next interval is like the last. */
export const lastValue = plannerPolicy('last value (LLM planner)', () => {
  let newest = Number.NaN;
  return {
    observe(mean) {
      newest = mean;
    },
    next: () => newest,
  };
});

/** The planner's predictor `kalman` with its defaults. */
export const kalman = plannerPolicy('Kalman (LLM planner)', createKalman);

/**
 * Scales as the planners of LLM servers do today: at the end of each interval for the mean demand that is predicted for the next,
 * and not in between. It sets the replicas itself, so no HPA's tolerance or hold is in its way. The knob is a factor on the prediction. Source: ai-dynamo/dynamo, planner, load predictors.
 */
function plannerPolicy(title: string, create: () => IntervalPredictor): Policy {
  return {
    title,
    knob: { meaning: 'factor on the prediction', values: usualFactors, default: 1 },
    hpa: 'none',
    create({ settings }) {
      const predictor = create();
      let intervals = 0;
      let predicted = Number.NaN;
      return {
        signals({ rows, rowCount }, into) {
          for (; (intervals + 1) * intervalRows <= rowCount; intervals++) {
            const mean = meanOf(rows, intervals * intervalRows, (intervals + 1) * intervalRows);
            if (!Number.isNaN(mean)) predictor.observe(mean);
            predicted = predictor.next();
          }
          for (let i = 0; i < settings.length; i++) into[i] = settings[i]! * predicted;
        },
      };
    },
  };
}
