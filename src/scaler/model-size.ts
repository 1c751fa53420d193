import { fewestSeasonSteps, gridSecondsFor } from '../forecast/index.ts';
import { formatDuration } from '../platform/duration.ts';
import type { FieldError } from '../platform/errors.ts';

/** What the size of a demand model depends on. */
export interface ModelSize {
  readonly stepSeconds: number;
  readonly historySeconds: number;
  readonly horizonSeconds: number;
  /** Undefined = the usual day and week. */
  readonly seasonsSeconds: readonly number[] | undefined;
}

/** Rows of one history: four weeks of seconds, which is also what a source reads at most. */
const maxHistorySteps = 2_500_000;
/** Steps of the model's grid: a horizon of two weeks and a season of four, in five minutes. */
const maxHorizonSteps = 14 * 288;
const maxSeasonSteps = 28 * 288;

/** Sizes that no model can have: seasons too short to have a shape, and models that need hundreds of megabytes. */
export function modelSizeErrors(size: ModelSize): FieldError[] {
  const { historySeconds, horizonSeconds, seasonsSeconds, stepSeconds } = size;
  const fieldErrors: FieldError[] = [];
  const [shortest] = seasonsSeconds ?? [];
  if (shortest !== undefined && shortest < fewestSeasonSteps * stepSeconds) {
    fieldErrors.push({
      field: 'seasons',
      value: String(shortest),
      message: `seasons: ${shortest}s is shorter than ${fewestSeasonSteps} steps of ${stepSeconds}s; give a longer season or a smaller queryStep`,
    });
  }
  const gridSeconds = gridSecondsFor(stepSeconds, shortest);
  const check = (field: string, seconds: number, everySeconds: number, most: number, remedy: string) => {
    if (seconds <= most * everySeconds) return;
    const value = formatDuration(seconds);
    const message = `${field}: ${value} is more than ${most} steps of ${formatDuration(everySeconds)}; give at most ${formatDuration(most * everySeconds)}, or ${remedy}`;
    fieldErrors.push({ field, value, message });
  };
  check('historyTimeWindow', historySeconds, stepSeconds, maxHistorySteps, 'a longer queryStep');
  check('predictHorizon', horizonSeconds, gridSeconds, maxHorizonSteps, 'longer seasons');
  const longest = seasonsSeconds?.at(-1) ?? 0;
  check('seasons', longest, gridSeconds, maxSeasonSteps, 'a longer queryStep or shortest season');
  return fieldErrors;
}
