/** Formats a number such as 12.3, 4 560 or 0.05, with at most three significant digits below 1000. */
export function formatNumber(value) {
  if (value == null) return '–';
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString()
    : value.toLocaleString(undefined, { maximumSignificantDigits: 3 });
}

/** Formats seconds with at most the two largest units: 5400 → `1h 30m`. */
export function formatSpan(seconds) {
  const parts = [];
  let rest = Math.round(seconds);
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ]) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * length;
  }
  return parts.slice(0, 2).join(' ') || '0s';
}

export const formatShare = (share) =>
  share == null ? '–' : share.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** The scored horizon that is nearest to the wanted one; undefined while no forecast has come due. */
export function accuracyNear(horizons, wantedSeconds) {
  const distance = (horizon) => Math.abs(Math.log(horizon.horizonSeconds / wantedSeconds));
  return horizons
    .filter((horizon) => horizon.count > 0 && horizon.wape !== null)
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** Words for how the error of a forecast compares with the error of assuming no change. */
export function comparedWithPersistence(ratio) {
  if (ratio == null) return '';
  if (ratio < 0.95) return `${formatShare(1 - ratio)} better than assuming no change`;
  return ratio <= 1.05 ? 'no better than assuming no change' : 'worse than assuming no change';
}

/** Makes the words for what one part of a forecast adds to the usual level or takes from it. */
const partSentences = {
  day: (amount, isMore) => `${amount} ${isMore ? 'more' : 'less'} at this time of day`,
  week: (amount, isMore) => `${amount} ${isMore ? 'more' : 'less'} at this time of the week`,
  deviation: (amount, isMore) => `${amount} ${isMore ? 'above' : 'below'} the usual level for this hour`,
  event: (amount, isMore) => `${amount} ${isMore ? 'more' : 'less'} for an event of the calendar`,
  safetyMargin: (amount, isMore) => `${amount} ${isMore ? 'safety margin' : 'less for safety'}`,
};

/**
 * Words for the parts of a bound: `usual level 120, 25 more at this time of day, 0.8 below the usual level for this hour, 9
 * safety margin`. Parts below 0.5 % of the level are left out.
 */
export function formatParts(components) {
  const [level, ...others] = components;
  const noticeable = others.filter(({ value }) => Math.abs(value) >= 0.005 * Math.abs(level.value));
  return [
    `usual level ${formatNumber(level.value)}`,
    ...noticeable.map(({ name, value }) => partSentences[name](formatNumber(Math.abs(value)), value > 0)),
  ].join(', ');
}
