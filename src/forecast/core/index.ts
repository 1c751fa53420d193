export { forecastSeries, type SeriesForecast, type SeriesForecastOptions } from './batch/forecast-series.ts';
export { gridSecondsFor, gridValues } from './clock/grid.ts';
export { fewestSeasonSteps } from './clock/lengths.ts';
export { isTimeZone } from './clock/time-zone.ts';
export type {
  DistrustReason,
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
  PeakRequest,
  PeakResult,
} from './contract.ts';
export { createForecaster } from './forecaster.ts';
export { type ModelOptions, modelOptionsFor } from './model-options.ts';
