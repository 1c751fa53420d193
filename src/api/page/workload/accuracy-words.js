import { formatShare, formatSpan } from '../words.js';

/** The scored horizon that is nearest to the wanted one; undefined while no forecast has come due. */
function accuracyNear(horizons, wantedSeconds) {
  const distance = (horizon) => Math.abs(Math.log(horizon.horizonSeconds / wantedSeconds));
  return horizons
    .filter((horizon) => horizon.count > 0 && horizon.wape !== null)
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** A sentence on how good recent forecasts were for the decision window; empty while none has come due. */
export function accuracyWords({ horizons }, decision) {
  const near = decision === null ? undefined : accuracyNear(horizons, decision.windowSeconds);
  if (near === undefined) return '';
  const ratio = near.relativeToPersistence;
  const word = near.distrust.length > 0 || ratio > 1.05 ? 'poor' : ratio > 0.8 ? 'fair' : 'good';
  return `Recent forecasts are ${word}: off by ${formatShare(near.wape)} on average ${formatSpan(near.horizonSeconds)} ahead, ${comparedWithNoChange(ratio)}.`;
}

/** Words for how the error of a forecast compares with the error of assuming no change. */
function comparedWithNoChange(ratio) {
  if (ratio == null) return 'not compared yet';
  if (ratio < 0.95) return `${formatShare(1 - ratio, 0)} better than assuming no change`;
  return ratio <= 1.05 ? 'no better than assuming no change' : 'worse than assuming no change';
}
