export type {
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  ForecastResult,
  HorizonAccuracy,
  LearningReason,
  PeakResult,
} from './contract.ts';
export { forecastSeries, type SeriesForecast, type SeriesForecastOptions } from './forecast-series.ts';
export { createForecaster } from './forecaster.ts';
export { gridSecondsFor, gridValues } from './grid.ts';
