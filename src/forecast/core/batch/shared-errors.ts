import { type ExpertErrors, meanOfKnown, type RelativeErrors } from './expert-errors.ts';

/**
 * An expert's error is drawn at most so far, on the logarithm, towards what is shared. Two weeks of backtests know an expert's error
 * within about an eighth, so that a larger difference is the series' own and stays. Measured in docs/benchmark.md.
 */
const farthestDrawn = 0.2;
/** Weight of what is usual beside other series, in series. */
const usualWeight = 20;

/**
 * What is shared with each of several series: the mean of the other series and of what is usual. The order of the series changes
 * nothing, and for one series alone it is what is usual.
 */
export function sharedErrors(series: readonly RelativeErrors[], usual: RelativeErrors): RelativeErrors[] {
  if (series.length === 1) return [usual];
  const totals = usual.map((ofExpert, e) => ofExpert.map((_, place) => totalOf(series, e, place)));
  return series.map((own) =>
    usual.map((ofExpert, e) =>
      ofExpert.map((log, place) => {
        const { sum, count } = totals[e]![place]!;
        const known = own[e]![place]!;
        const [others, most] = Number.isNaN(known) ? [sum, count] : [sum - known, count - 1];
        return most === 0 ? log : (others + usualWeight * log) / (most + usualWeight);
      }),
    ),
  );
}

/** Draws errors towards what is shared: small differences nearly all of the way, large ones by `farthestDrawn`. */
export function drawnTowards(shared: RelativeErrors, errors: ExpertErrors): ExpertErrors {
  const { ratios, places } = errors;
  const away = ratios.map((ofExpert, e) =>
    ofExpert?.map((ratio, group) => Math.log(ratio) - shared[e]![places[group]!]!),
  );
  const middle = meanOfKnown(away.flatMap((ofExpert) => ofExpert ?? []));
  const drawn = ratios.map((ofExpert, e) =>
    ofExpert?.map((ratio, group) => {
      const difference = away[e]![group]! - middle;
      return ratio * Math.exp(-farthestDrawn * Math.tanh(difference / farthestDrawn));
    }),
  );
  return { ...errors, ratios: drawn };
}

/** Sum over series, from the lowest up, so that their order changes nothing. */
function totalOf(series: readonly RelativeErrors[], expert: number, place: number) {
  const known = Float64Array.from(series, (one) => one[expert]![place]!)
    .filter((log) => !Number.isNaN(log))
    .sort();
  return { sum: known.reduce((total, log) => total + log, 0), count: known.length };
}
