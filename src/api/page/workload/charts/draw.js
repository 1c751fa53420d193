import { createChart } from '../../charts.js';
import { byId, setShown, setText } from '../../frame/dom.js';
import { formatDemand, formatNumber, formatShare, formatSpan, spanWords } from '../../words.js';
import { accuracyWords } from '../accuracy-words.js';
import { eventsBetween, shownEventWords } from '../event-words.js';
import { aheadSeconds } from '../ranges.js';
import { keptSignals, recordLines } from '../record.js';
import { demandLines, isWorthDrawing, quantilesFrom, replicaLines, withGaps } from './chart-lines.js';

/** The charts of demand and replicas. `onPick` gets a past moment that was chosen in one of them. */
export function createCharts({ onPick }) {
  const options = { format: formatNumber, onPick };
  const demand = createChart(byId('demand'), { ...options, height: 320 });
  const fleet = createChart(byId('fleet'), { ...options, height: 210, wholeNumbers: true });

  return {
    show(status, series, moment) {
      const span = spanOf(status, series, moment);
      const observed = withGaps(series.past);
      const quantile = quantilesFrom(observed, series.forecast, span.to);
      const record = recordOf(status, series, span.now);
      const most = status.replicas?.max ?? null;
      const ofDemand = demandLines(observed, quantile, record);
      const ofReplicas = replicaLines(observed, quantile, record, {
        threshold: status.threshold,
        most,
        span,
      });
      setShown(byId('demand-chart'), isWorthDrawing(ofDemand));
      setShown(byId('fleet-chart'), isWorthDrawing(ofReplicas));
      demand.update(ofDemand, { ...span, unit: status.unit || 'demand' });
      fleet.update(ofReplicas, { ...span, unit: 'replicas' });
      describe(status, series, span);
    },
  };
}

function spanOf({ decision, horizonSeconds }, { past, rangeSeconds, events }, moment) {
  const now = decision?.at ?? past.to;
  const [from, to] = [now - rangeSeconds, now + aheadSeconds(rangeSeconds, horizonSeconds)];
  return { from, now, to, moment, events: eventsBetween(events, from, to) };
}

/** Lines of the past, which end with the decision of now, or with nothing; undefined where nothing is on record and nothing decided. */
function recordOf({ decision, replicasAsked, replicas }, { decisions, stepSeconds }, nowSeconds) {
  if (decisions.length === 0 && decision === null) return undefined;
  const lines = recordLines(decisions, { stepSeconds, nowSeconds });
  if (decision === null)
    return { ...lines, signal: ended(lines.signal, nowSeconds), asked: ended(lines.asked, nowSeconds) };
  const goOn = ({ x, y }, value) =>
    value == null || decision.at <= (x.at(-1) ?? 0) ? { x, y } : { x: [...x, decision.at], y: [...y, value] };
  return {
    ...lines,
    signal: goOn(lines.signal, decision.signal),
    asked: goOn(lines.asked, replicasAsked),
    running: goOn(lines.running, replicas?.current),
  };
}

/** A line that has no value now. */
const ended = ({ x, y }, nowSeconds) =>
  (x.at(-1) ?? nowSeconds) < nowSeconds ? { x: [...x, nowSeconds], y: [...y, null] } : { x, y };

/** Says what the lines are of and why the signal may be above the bands, and in words for screen readers what the charts show. */
function describe(status, { accuracy, forecast, decisions, withoutDecisions }, { events }) {
  const { decision, gridSeconds, horizonSeconds, observed, replicasAsked, stepSeconds, unit } = status;
  setText('accuracy', accuracyWords(accuracy, decision));
  const kept = keptSignals(decisions);
  setText(
    'kept-note',
    kept.count === 0
      ? withoutDecisions
      : `In ${formatShare(kept.share)} of ${formatNumber(kept.count)} past ${kept.count === 1 ? 'decision' : 'decisions'} KEDA was told enough for the demand that came until a new replica could be ready.`,
  );
  const window = decision === null ? 'decision window' : formatSpan(decision.windowSeconds);
  setText(
    'past-note',
    `“Was expected” and “was planned for” are of the highest demand of the ${window} before each moment, as it was forecast when they began. The signal is what KEDA was told. Choose a past moment to see why.`,
  );
  setText(
    'demand-note',
    `The bands ahead are of means over ${spanWords(gridSeconds)}. The signal plans for the highest mean over ${spanWords(stepSeconds)} in the next ${window} and may add the tolerance of the HPA, so it can be above them.`,
  );
  const soon = forecast.points.filter(({ t }) => t <= (forecast.origin ?? 0) + horizonSeconds);
  const highest = soon.reduce((most, { median }) => Math.max(most, median), 0);
  setText(
    'demand-summary',
    `Observed ${formatDemand(observed?.value, unit)}. The highest value that is expected within ${spanWords(horizonSeconds)} is ${formatNumber(highest)}. ${shownEventWords(events)}Choose a past moment with the arrow keys and press Enter to have its decision explained.`,
  );
  setText(
    'fleet-summary',
    `${formatNumber(replicasAsked)} replicas are asked for. ${shownEventWords(events)}`.trim(),
  );
}
