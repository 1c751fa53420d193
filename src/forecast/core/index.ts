/**
 * The forecasting core, a pure library: no clock, no chance, no I/O, no package.
 *
 * `createForecaster` makes a model that learns row by row and answers with forecasts, peaks and explanations.
 * `forecastSeries` forecasts one short series in one call, `forecastSeriesTogether` many that learn from one another. All throw a
 * RangeError that names what cannot work.
 */
export {
  forecastSeries,
  forecastSeriesTogether,
  type SeriesForecast,
  type SeriesForecastOptions,
} from './batch/forecast-series.ts';
export { gridSecondsFor, gridValues } from './clock/grid.ts';
export { fewestSeasonSteps } from './clock/lengths.ts';
export { modelOptionsFor } from './clock/model-options.ts';
export { createTimeZone } from './clock/time-zone.ts';
export type {
  CalendarEvent,
  DistrustReason,
  EventEffect,
  ExpectedEvent,
  ExplainRequest,
  ExplainResult,
  Explanation,
  ForecastComponent,
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  ForecastResult,
  HorizonAccuracy,
  Learning,
  LearningReason,
  ModelOptions,
  PeakRequest,
  PeakResult,
  RowFollower,
} from './contract.ts';
export { createForecaster } from './forecaster.ts';
export { createScratch, type Scratch } from './memory/scratch.ts';
export { restoreState, type StateCopier, type Stateful, savedState } from './memory/state-copier.ts';
