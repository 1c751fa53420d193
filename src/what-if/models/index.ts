/** Forecasts of others, as they are used today: they learn value by value. The policies and the benchmark play the same ones. */
export { type Calendar, calendarOf, type StreamingModel } from './contract.ts';
export { createFftReplay } from './fft-replay.ts';
export { createHoltWinters } from './holt-winters.ts';
export { createPast } from './past.ts';
