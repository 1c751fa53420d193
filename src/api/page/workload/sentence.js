import { formatDemand, formatNumber, formatShare, oddsAbove, replicaWords, spanWords } from '../words.js';

/** Demand that is expected to change by less than this share stays as it is. */
const noticeableShare = 0.05;
/** Words for the spans over which rows of common steps are means. */
const unitSpans = { 1: 'a second', 60: 'a minute', 3600: 'an hour' };

/**
 * Where demand goes within the decision window: the median of the forecast at its end beside what is observed now. Undefined while
 * one of them is not known.
 */
export function movementOf({ observed, decision }, { points }) {
  if (observed === null || decision === null) return undefined;
  const end = decision.at + decision.windowSeconds;
  const then = points.find(({ t }) => t >= end) ?? points.at(-1);
  if (then === undefined) return undefined;
  const [now, expected] = [observed.value, then.median];
  const change = expected - now;
  const isNoticeable = Math.abs(change) > noticeableShare * Math.max(now, expected);
  return { expected, trend: isNoticeable ? (change > 0 ? 'rises' : 'falls') : 'stays' };
}

/** Sentences that a service owner can repeat: how many replicas are asked for and why, and where demand goes. */
export function sentenceOf(status, forecast) {
  const { decision, replicasAsked } = status;
  if (decision === null) return '';
  const asked = `${replicaWords(replicasAsked)} ${replicasAsked === 1 ? 'is' : 'are'} asked for`;
  const reasons = `${asked} ${causeOf(status)}${raiseWords(status)}.`;
  return [reasons, movementWords(status, forecast)].filter(Boolean).join(' ');
}

function causeOf({ decision, unit, stepSeconds }) {
  const { basis, fresh, observed, predictedPeak, windowSeconds, askedLevel, askedFactor, margin } = decision;
  const toCarry = `to carry the ${formatDemand(observed, unit)} observed`;
  switch (basis) {
    case 'forecast': {
      const within = `within the next ${spanWords(windowSeconds)}`;
      const peak = formatDemand(predictedPeak, unit);
      // What is more likely exceeded than not, or was lowered on purpose, is no bound.
      if (askedLevel < 0.5 || askedFactor < 1) return `because ${peak} is planned for ${within}`;
      const span = unitSpans[stepSeconds] ?? `a mean over ${spanWords(stepSeconds)}`;
      return `because ${span} of up to ${peak} is possible ${within}; ${oddsAbove(askedLevel)} times it is more`;
    }
    case 'margin':
      return `${toCarry}, with ${formatShare(margin - 1, 0)} to spare, which is more than the forecast asks for`;
    case 'headroom':
      return `${toCarry}, with the headroom of the reactive rule`;
    case 'observed':
      return toCarry;
    case 'last-good':
      return `because the last good value is held while there is no ${fresh ? 'forecast since a restart or an edit' : 'fresh data'}`;
    default:
      return '';
  }
}

/** Says how many of the replicas are there only so that the HPA acts in spite of its tolerance; empty where none is. */
function raiseWords({ decision, replicasAsked, threshold }) {
  if (decision.basis === 'last-good' || !(decision.signal > decision.wanted)) return '';
  const more = replicasAsked - Math.ceil(decision.wanted / threshold);
  return more > 0
    ? ` – ${formatNumber(more)} more than that needs, because the HPA ignores small differences`
    : '';
}

function movementWords(status, forecast) {
  const movement = movementOf(status, forecast);
  const { decision, observed, unit } = status;
  if (movement === undefined || !decision.fresh) return '';
  const [now, then] = [formatDemand(observed.value, unit), formatNumber(movement.expected)];
  const ahead = spanWords(decision.windowSeconds);
  switch (movement.trend) {
    case 'rises':
      return `Demand is ${now} now and more is coming: about ${then} in ${ahead}.`;
    case 'falls':
      return `Demand is ${now} now and is expected to fall, to about ${then} in ${ahead}.`;
    default:
      return `Demand is ${now} now and is expected to stay near that for ${ahead}.`;
  }
}
