import { clockTime, nearTime } from '../chart/times.js';
import { formatDemand, formatNumber, formatShare, formatSpan, oddsAbove, replicaWords } from '../words.js';

const bases = {
  forecast: 'set by the forecast',
  observed: 'set by the observed demand',
  margin: 'set by the observed demand with a margin',
  headroom: 'set by the observed demand with headroom',
  'last-good': 'the last good value, held',
};

/** @typedef {{ value: string, note: string, tone?: 'bad' | 'good' }} Tile */

/** The numbers at the top of a workload, each with a note, by the name of its tile. */
export function tileWords(status, { outcome, peak, nowSeconds }) {
  const { decision, observed, unit, threshold, replicasAsked, replicas, leadTime } = status;
  return {
    observed: {
      value: formatDemand(observed?.value, unit),
      note: observed === null ? 'nothing yet' : `at ${clockTime(observed.at, { withSeconds: true })}`,
    },
    signal: {
      value: formatDemand(decision?.signal, unit),
      note: decision === null ? 'KEDA gets an error' : bases[decision.basis],
    },
    planned: plannedTile(decision, unit),
    replicas: {
      value: formatNumber(replicasAsked),
      note: `at ${formatDemand(threshold, unit)} each; ${heldWords(replicas)}`,
    },
    lead: { value: formatSpan(leadTime.seconds), note: leadTime.warning ?? leadTime.meaning },
    service: serviceTile(outcome),
    peak: peakTile(peak, nowSeconds, status),
    saved: savedTile(outcome),
  };
}

function heldWords(replicas) {
  if (replicas === null) return 'how many are ready is not known';
  const ready = replicas.ready === null ? `${replicas.current} running` : `${replicas.ready} ready`;
  return replicas.max === null ? ready : `${ready}, at most ${replicas.max}`;
}

function plannedTile(decision, unit) {
  if (decision === null) return { value: '–', note: 'nothing is served' };
  if (decision.predictedPeak == null) return { value: '–', note: 'no forecast yet' };
  const { predictedPeak, askedLevel, askedFactor, windowSeconds } = decision;
  const within = `within the next ${formatSpan(windowSeconds)}`;
  return {
    value: formatDemand(predictedPeak, unit),
    note:
      askedLevel >= 0.5 && askedFactor >= 1
        ? `highest ${within}; exceeded ${oddsAbove(askedLevel)} times`
        : `${within}; more would serve better than was promised`,
  };
}

const weekOf = ({ windows }) => windows.find(({ window }) => window === '7d');

function serviceTile(outcome) {
  const achieved = weekOf(outcome)?.forescale.achievedService ?? null;
  if (achieved === null) return { value: '–', note: 'no outcome is known yet' };
  const { serviceLevel, budgetLeftRatio: left } = outcome;
  const budget =
    left === null
      ? ''
      : left >= 0
        ? `; ${formatShare(left, 0)} of the short time it allows is left`
        : `; ${formatShare(-left, 0)} more than it allows was short`;
  return {
    value: formatShare(achieved, 2),
    note: `promised ${formatShare(serviceLevel, 2)} of the time${budget}`,
    ...(left !== null && left < 0 ? { tone: 'bad' } : {}),
  };
}

function peakTile(peak, nowSeconds, { unit, replicas }) {
  if (peak === undefined) return { value: '–', note: 'no forecast yet' };
  const most = replicas?.max ?? null;
  const fits =
    most === null ? '' : peak.isAboveMax ? `; maxReplicaCount is ${most}` : `; ${most} are allowed`;
  return {
    value: `${nearTime(peak.t, nowSeconds)}: ${replicaWords(peak.replicas)}`,
    note: `about ${formatDemand(peak.expected, unit)}, 1 in 10 above ${formatNumber(peak.bound)}${fits}`,
    ...(peak.isAboveMax ? { tone: 'bad' } : {}),
  };
}

/** What a week brought beside the reactive rule: time short, and replica-hours. */
function savedTile(outcome) {
  const week = weekOf(outcome);
  if (week === undefined) return { value: '–', note: 'no outcome is known yet' };
  const { forescale, reactive } = week;
  const short = reactive.shortSeconds - forescale.shortSeconds;
  const hours = reactive.replicaHours - forescale.replicaHours;
  return {
    value: `${formatSpan(Math.abs(short))} ${short >= 0 ? 'less' : 'more'} short`,
    note: `with ${formatNumber(Math.abs(hours))} ${hours >= 0 ? 'fewer' : 'more'} replica-hours than the reactive rule’s ${formatNumber(reactive.replicaHours)}`,
    ...(short < 0 ? { tone: 'bad' } : short > 0 ? { tone: 'good' } : {}),
  };
}
