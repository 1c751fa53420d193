/** 12.3, 4 560, 0.05: three digits that matter, no false precision. */
export function formatNumber(value) {
  if (value == null) return '–';
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString()
    : value.toLocaleString(undefined, { maximumSignificantDigits: 3 });
}

/** 5400 → `1h 30m`; at most the two largest units. */
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

/** The horizon scored that is nearest to the one wanted, or undefined while nothing has matured. */
export function accuracyNear(horizons, wantedSeconds) {
  const distance = (horizon) => Math.abs(Math.log(horizon.horizonSeconds / wantedSeconds));
  return horizons
    .filter((horizon) => horizon.count > 0 && horizon.wape !== null)
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** How a forecast compares with saying "the same as now". */
export function comparedWithPersistence(ratio) {
  if (ratio == null) return '';
  if (ratio < 0.95) return `${formatShare(1 - ratio)} below “same as now”`;
  return ratio <= 1.05 ? 'no better than “same as now”' : 'worse than “same as now”';
}

const partNames = {
  level: 'typical',
  day: 'moment of the day',
  week: 'moment of the week',
  deviation: 'unlike usual',
  event: 'event',
  safetyMargin: 'safety margin',
};

/** What a bound is made of, `120 typical + 25 moment of the day − 3 unlike usual`; parts that are nothing are left out. */
export function formatParts(components) {
  const [level, ...others] = components;
  const moving = others.filter(({ value }) => Math.abs(value) >= 0.005 * Math.abs(level.value));
  return [
    `${formatNumber(level.value)} ${partNames.level}`,
    ...moving.map(
      ({ name, value }) => `${value > 0 ? '+' : '−'} ${formatNumber(Math.abs(value))} ${partNames[name]}`,
    ),
  ].join(' ');
}
