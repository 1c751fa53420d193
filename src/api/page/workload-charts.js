import { createChart } from './charts.js';
import { byId, setText } from './live.js';
import { formatNumber, formatSpan } from './words.js';

const demandChart = createChart(byId('demand'), { height: 340, format: formatNumber });
const fleetChart = createChart(byId('fleet'), { height: 200, format: formatNumber, wholeNumbers: true });

const dashed = { dash: [7, 5] };
const signalStyle = { colour: 'signal', width: 2.5, dash: [2, 3], stepped: true, marked: true };

/** Draws demand and replicas: history, forecast and the `signals` that the page has seen. */
export function showCharts(status, { past, forecast, rangeSeconds }, signals) {
  const now = status.decision?.at ?? past.to;
  const to = Math.max(forecast.points.at(-1)?.t ?? 0, now + status.horizonSeconds);
  const span = { from: now - rangeSeconds, now, to };
  const observed = withGaps(past);
  const quantile = quantilesFrom(observed, forecast);
  demandChart.update(demandLines(observed, quantile, signals), span);
  fleetChart.update(replicaLines(observed, quantile, signals, status.threshold), span);
  describeCharts(status, forecast);
}

/** The rows as a line with a gap where rows are missing. */
function withGaps({ timestamps, values, stepSeconds }) {
  const x = [];
  const y = [];
  for (const [index, t] of timestamps.entries()) {
    if (index > 0 && t - timestamps[index - 1] > 1.5 * stepSeconds) {
      x.push(t - stepSeconds / 2);
      y.push(null);
    }
    x.push(t);
    y.push(values[index]);
  }
  return { x, y };
}

/** Returns a function that makes the line of a quantile. The line starts where the observed line ends. */
function quantilesFrom(observed, { origin, points }) {
  const joins = observed.x.at(-1) === origin;
  const x = [...(joins ? [origin] : []), ...points.map(({ t }) => t)];
  return (q) => ({
    x,
    y: [...(joins ? [observed.y.at(-1)] : []), ...points.map(({ quantiles }) => quantiles[q])],
  });
}

function demandLines(observed, quantile, signals) {
  const median = 'Forecast, median';
  const bound90 = 'Bound, 90 % sure';
  const band = { colour: 'forecast', hidden: true };
  return [
    { label: 'Observed', colour: 'observed', width: 2, data: observed },
    { label: median, colour: 'forecast', width: 2, ...dashed, data: quantile('0.5') },
    { label: bound90, ...band, fillTo: median, opacity: 0.28, data: quantile('0.9') },
    { label: 'Bound, 99 % sure', ...band, fillTo: bound90, opacity: 0.14, data: quantile('0.99') },
    { label: 'Signal', ...signalStyle, data: signals },
  ];
}

function replicaLines(observed, quantile, signals, threshold) {
  const needed = ({ x, y }) => ({
    x,
    y: y.map((value) => (value == null ? null : Math.ceil(value / threshold))),
  });
  const forecast = { colour: 'forecast', ...dashed, stepped: true };
  return [
    { label: 'Needed for observed demand', colour: 'observed', stepped: true, data: needed(observed) },
    { label: 'Needed for the 99 % bound', ...forecast, data: needed(quantile('0.99')) },
    { label: 'Requested', ...signalStyle, data: needed(signals) },
  ];
}

/** Says why the signal may be above the bounds, and in words for screen readers what the charts show. */
function describeCharts(status, { points }) {
  const { decision, gridSeconds, horizonSeconds, observed, replicasAsked, stepSeconds } = status;
  setText(
    'demand-note',
    decision === null
      ? ''
      : `The bounds are for means over ${formatSpan(gridSeconds)}. The planned peak is for the highest mean over ${formatSpan(stepSeconds)} in the next ${formatSpan(decision.windowSeconds)}, and the signal may add the tolerance of the HPA, so both can be above the bounds.`,
  );
  const highest = points.reduce((most, { median }) => Math.max(most, median), 0);
  setText(
    'demand-summary',
    `Observed ${formatNumber(observed?.value)}; the forecast’s median reaches ${formatNumber(highest)} within ${formatSpan(horizonSeconds)}.`,
  );
  setText('fleet-summary', `${formatNumber(replicasAsked)} replicas requested.`);
}
