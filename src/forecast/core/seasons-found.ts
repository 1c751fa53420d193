import type { SeriesWindow } from './series.ts';

/**
 * Which of the candidate seasons the history shows: those whose autocorrelation at the season's lag is high and stands
 * out from the lags beside it. A random walk is correlated at every lag, so the first alone would find seasons in it.
 */
export function seasonsFound(series: SeriesWindow, shortSteps: number, longSteps: number): number[] {
  const length = series.end - series.start;
  const found: number[] = [];
  if (length >= 2 * shortSteps) {
    const beside = Math.round(shortSteps / 4);
    const other =
      (autocorrelation(series, shortSteps - beside) + autocorrelation(series, shortSteps + beside)) / 2;
    const own = autocorrelation(series, shortSteps);
    if (own > 0.2 && own - other > 0.15) found.push(shortSteps);
  }
  // Two of the long season, give or take a short one: the window holds no more.
  if (longSteps > 0 && length >= 2 * longSteps - shortSteps) {
    // A week must stand out from the days beside it, and from the day after tomorrow, which is as like today in a walk.
    const others = [longSteps - shortSteps, longSteps + shortSteps, 2 * shortSteps].filter(
      (lag) => lag !== longSteps,
    );
    const other = Math.max(...others.map((lag) => autocorrelation(series, lag)));
    const own = autocorrelation(series, longSteps);
    if (own > 0.2 && own - other > 0.03) found.push(longSteps);
  }
  return found;
}

function autocorrelation({ values, start, end }: SeriesWindow, lag: number): number {
  const pairs = end - start - lag;
  if (pairs < 2) return 0;
  let meanEarly = 0;
  let meanLate = 0;
  for (let i = start; i < end - lag; i++) {
    meanEarly += values[i] ?? 0;
    meanLate += values[i + lag] ?? 0;
  }
  meanEarly /= pairs;
  meanLate /= pairs;
  let product = 0;
  let early = 0;
  let late = 0;
  for (let i = start; i < end - lag; i++) {
    const x = (values[i] ?? 0) - meanEarly;
    const y = (values[i + lag] ?? 0) - meanLate;
    product += x * y;
    early += x * x;
    late += y * y;
  }
  const scale = Math.sqrt(early * late);
  return scale > 0 ? product / scale : 0;
}
