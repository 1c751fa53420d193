// Formats are made once, because making one takes longer than formatting a hundred numbers.
const whole = new Intl.NumberFormat();
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const percents = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: digits }),
);

/** Formats a number such as 12.3, 4 560 or 0.05, with at most three significant digits below 1000. */
export function formatNumber(value) {
  if (value == null) return '–';
  return Math.abs(value) >= 1000 ? whole.format(Math.round(value)) : significant.format(value);
}

/** A number with the unit of demand, where the trigger names one. */
export const formatDemand = (value, unit) =>
  value == null || !unit ? formatNumber(value) : `${formatNumber(value)} ${unit}`;

const units = [
  ['d', 'day', 86_400],
  ['h', 'hour', 3600],
  ['m', 'minute', 60],
  ['s', 'second', 1],
];

/** The two largest units of a span, each with its count. */
function largestUnits(seconds) {
  const parts = [];
  let rest = Math.round(seconds);
  for (const [short, long, length] of units) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push({ count, short, long });
    rest -= count * length;
  }
  return parts.slice(0, 2);
}

/** Formats seconds with at most the two largest units: 5400 → `1h 30m`. */
export function formatSpan(seconds) {
  return (
    largestUnits(seconds)
      .map(({ count, short }) => `${count}${short}`)
      .join(' ') || '0s'
  );
}

/** Seconds in words: 5400 → `1 hour 30 minutes`. */
export function spanWords(seconds) {
  return (
    largestUnits(seconds)
      .map(({ count, long }) => `${count} ${long}${count === 1 ? '' : 's'}`)
      .join(' ') || 'no time'
  );
}

/** A share as a percentage with up to so many decimals, at most two. */
export const formatShare = (share, digits = 1) => (share == null ? '–' : percents[digits].format(share));

/** How often a bound at that level is exceeded: 0.99 → `1 in 100`. */
export function oddsAbove(level) {
  return `1 in ${Number((1 / Math.max(1 - level, 1e-4)).toPrecision(2)).toLocaleString()}`;
}

/** `1 replica`, `12 replicas`. */
export const replicaWords = (count) => `${formatNumber(count)} ${count === 1 ? 'replica' : 'replicas'}`;
