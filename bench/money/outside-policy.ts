import {
  type Demand,
  type Policy,
  raised,
  rowSeconds,
  type Scenario,
  windowOf,
} from '../../src/what-if/index.ts';
import {
  askedQuantiles,
  type OutsideAnswer,
  type OutsideForecaster,
  startOutsideForecaster,
} from '../opponents/outside/outside-forecaster.ts';
import { windowBefore } from '../opponents/window.ts';
import { type GridSeries, onGrid } from '../replay/trace.ts';

/** An outside forecaster is asked every hour: its paths then cover the hour and the decision window after it. */
const stepSeconds = 300;
const stepsBetween = 12;
const rowsPerStep = stepSeconds / rowSeconds;

/** A forecast made at the end of a grid step; `steps` is the number of steps that were complete. */
interface Asked {
  readonly steps: number;
  readonly answer: OutsideAnswer;
}

/**
 * Asks an outside forecaster through a replay, and makes a policy of its answers: the largest value of a quantile within the decision
 * window, never below what is observed, raised as our signal is. The knob is the quantile.
 */
export async function outsidePolicy(
  command: string,
  demand: Demand,
  scenarios: readonly Scenario[],
  startsAt: number,
  signal: AbortSignal | undefined,
): Promise<Policy> {
  const windowSteps = Math.max(...scenarios.map(windowStepsOf));
  const forecaster = startOutsideForecaster(command, signal);
  const asked = await askThrough(forecaster, gridOf(demand), startsAt, stepsBetween + windowSteps).finally(
    forecaster.close,
  );
  return {
    title: 'outside forecaster',
    knob: { meaning: 'quantile', values: askedQuantiles, default: 0.99 },
    hpa: 'short-hold',
    create({ scenario, settings }) {
      const window = windowStepsOf(scenario);
      const peaks = new Float64Array(settings.length);
      let complete = -1;
      return {
        signals({ rowCount, observed }, into) {
          const steps = Math.floor(rowCount / rowsPerStep);
          if (steps !== complete) peaksAt(asked, steps, window, settings, peaks);
          complete = steps;
          for (let i = 0; i < settings.length; i++) into[i] = raised(Math.max(observed, peaks[i]!), scenario);
        },
      };
    },
  };
}

/** The steps that a decision must look ahead, with the step and the row that are not complete. */
function windowStepsOf(scenario: Scenario): number {
  return Math.ceil((windowOf(scenario) + rowSeconds) / stepSeconds) + 1;
}

function gridOf({ rows, firstSeconds }: Demand): GridSeries {
  const known = [...rows.keys()].filter((row) => !Number.isNaN(rows[row]!));
  return onGrid(
    {
      stepSeconds: rowSeconds,
      timestamps: Float64Array.from(known, (row) => firstSeconds + (row + 1) * rowSeconds),
      values: Float64Array.from(known, (row) => rows[row]!),
    },
    stepSeconds,
  );
}

async function askThrough(
  forecaster: OutsideForecaster,
  grid: GridSeries,
  startsAt: number,
  horizonSteps: number,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const first = Math.floor(startsAt * grid.values.length);
  for (let steps = first; steps <= grid.values.length; steps += stepsBetween) {
    const task = windowBefore(grid, steps - 1, horizonSteps);
    asked.push({ steps, answer: await forecaster.ask(task, stepSeconds, askedQuantiles) });
  }
  return asked;
}

/** The largest value of each quantile within the window, by the newest answer; 0 where there is none. */
function peaksAt(
  asked: readonly Asked[],
  steps: number,
  window: number,
  settings: readonly number[],
  into: Float64Array,
): void {
  const newest = asked.findLast((one) => one.steps <= steps);
  into.fill(0);
  if (newest?.answer.quantiles === undefined) return;
  const from = steps - newest.steps;
  for (let i = 0; i < settings.length; i++) {
    const path = newest.answer.quantiles[String(settings[i])] ?? [];
    for (let step = from; step < Math.min(path.length, from + window); step++)
      into[i] = Math.max(into[i]!, path[step]!);
  }
}
