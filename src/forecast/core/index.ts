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
export { forecastSeries, type SeriesForecast, type SeriesForecastOptions } from './forecast-series.ts';
export { createForecaster } from './forecaster.ts';
export { gridSecondsFor, gridValues } from './grid.ts';
export { fewestSeasonSteps, maxHorizonFor } from './lengths.ts';
export { isTimeZone } from './time-zone.ts';
