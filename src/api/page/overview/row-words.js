import { nearTime } from '../chart/times.js';
import { writeAddress } from '../frame/address.js';
import { formatDemand, formatNumber, formatShare, formatSpan, replicaWords } from '../words.js';

/** The cells of a row after its name and state, in the order of the columns: class, heading and what is in it. */
export const columns = [
  ['demand', 'Demand'],
  ['signal', 'Signal'],
  ['asked', 'Asked'],
  ['ready', 'Ready'],
  ['most', 'Max'],
  ['lead', 'Lead time'],
  ['service', 'Served, 7 days'],
  ['peak', 'Next peak'],
];

/** The texts of a workload's row. Where its ScaledObject has more than one trigger, the list names them, and so does the link. */
export function rowWords(workload, nowSeconds) {
  const { namespace, name, trigger, shard, state, attention, reason, unit, nextPeak, maxReplicas } = workload;
  return {
    href: writeAddress({ view: 'workload', namespace, name, parameters: { trigger, shard } }),
    name: `${namespace}/${name}${trigger === undefined ? '' : ` (${trigger})`}`,
    state,
    attention,
    reason: reason ?? '',
    isPeakAboveMax: nextPeak !== null && maxReplicas !== null && nextPeak.replicas > maxReplicas,
    cells: [
      formatDemand(workload.observed, unit),
      formatNumber(workload.signal),
      formatNumber(workload.replicasAsked),
      formatNumber(workload.replicasReady),
      formatNumber(maxReplicas),
      formatSpan(workload.leadTimeSeconds),
      formatShare(workload.achievedService, 2),
      nextPeak === null ? '–' : `${nearTime(nextPeak.t, nowSeconds)}, ${replicaWords(nextPeak.replicas)}`,
    ],
  };
}

/** The finding of the whole list: `3 need attention of 60`. */
export function summaryOf({ total, workloads }) {
  const worst = workloads.filter(({ attention }) => attention === 'critical' || attention === 'warning');
  if (total === 0) return 'No workload';
  if (worst.length === 0) return total === 1 ? 'The workload is well' : `All ${formatNumber(total)} are well`;
  const more = worst.length === workloads.length && total > workloads.length ? ' or more' : '';
  const need = worst.length === 1 ? 'needs' : 'need';
  return `${formatNumber(worst.length)}${more} ${need} attention of ${formatNumber(total)}`;
}
