/** Lengths that a model may use, in steps of its grid, rounded where the grid does not divide the day. */
export interface Calendar {
  readonly stepSeconds: number;
  readonly daySteps: number;
  readonly weekSteps: number;
}

/** A forecast of others that learns value by value. */
export interface StreamingModel {
  /** Takes the next grid value; NaN = missing. */
  observe(value: number): void;
  /** Predicts the value `steps` (≥ 1) after the newest; NaN = it cannot. */
  at(steps: number): number;
}

export function calendarOf(stepSeconds: number): Calendar {
  return {
    stepSeconds,
    daySteps: Math.round(86_400 / stepSeconds),
    weekSteps: Math.round(604_800 / stepSeconds),
  };
}
