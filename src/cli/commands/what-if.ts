import { duration, durationDraws, formatDuration } from '../../platform/duration.ts';
import { anyText, list, number, whole } from '../../platform/setting-values.ts';
import { usualSettings as usual } from '../../what-if/scenario-settings.ts';
import { calendarFlags, calendarHelp } from '../calendars/calendar-flags.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, historyFlags, historyHelp } from '../history-flags.ts';
import { seasonFlags } from '../model-flags.ts';

const demandOfReplica = number({ above: 0, note: "in the series' unit" });
const replicas = (from: number) => whole({ from });

export const flags = {
  ...historyFlags,
  rangeSeconds: {
    ...historyFlags.rangeSeconds,
    meaning: 'how much of the newest history is replayed',
  },
  ...seasonFlags,
  ...calendarFlags,
  target: {
    value: 'demand',
    meaning: 'demand one replica should carry: the threshold of the trigger',
    absent: "the manifest's threshold",
    ...demandOfReplica,
  },
  capacity: {
    value: 'demand',
    meaning: 'demand one replica can carry at most; above it the workload is short',
    absent: 'the target',
    ...demandOfReplica,
  },
  startUp: {
    value: 'duration',
    meaning: 'from asking for a replica until it is ready: one for all, a range a..b, or a list',
    default: formatDuration(usual.startUp),
    ...durationDraws,
  },
  nodeDelaySeconds: {
    name: '--node-delay',
    value: 'duration',
    meaning: 'time until a new node takes replicas, where the nodes are full',
    absent: 'nodes are always there',
    ...aboveZero,
  },
  replicasPerNode: {
    value: 'replicas',
    meaning: 'replicas that fit on one node, with --node-delay',
    default: String(usual.replicasPerNode),
    ...replicas(1),
  },
  manifest: {
    value: 'file',
    meaning: 'your ScaledObject or HorizontalPodAutoscaler (YAML), which is played beside the others',
    ...anyText,
  },
  minReplicas: {
    name: '--min',
    value: 'replicas',
    meaning: 'fewest replicas; 0 lets KEDA scale to zero',
    absent: `the manifest's, or ${usual.minReplicas}`,
    ...replicas(0),
  },
  maxReplicas: {
    name: '--max',
    value: 'replicas',
    meaning: 'most replicas',
    absent: `the manifest's, or ${usual.maxReplicas}`,
    ...replicas(1),
  },
  policies: {
    name: '--policy',
    value: 'list',
    meaning: 'policies to play, such as reactive,forescale',
    absent: 'all',
    ...list(anyText),
  },
  serviceLevel: {
    value: 'share',
    meaning: 'share of time that is to be served: what Forescale promises, and what all are tuned for',
    default: '0.99',
    ...number({ from: 0.5, to: 0.999, note: 'such as 0.99' }),
  },
  pricePerReplicaHour: {
    value: 'price',
    meaning: 'what one replica costs in an hour, in your currency',
    ...number({ above: 0 }),
  },
  tolerance: {
    value: 'ratio',
    meaning: "the HPA's tolerance",
    default: String(usual.tolerance),
    ...number({ from: 0, to: 1 }),
  },
  leadTimeSeconds: {
    name: '--lead-time',
    value: 'duration',
    meaning: 'how far ahead Forescale is told to look',
    absent: 'the 95th percentile of the start-up',
    ...aboveZero,
  },
  pollingIntervalSeconds: {
    name: '--polling-interval',
    value: 'duration',
    meaning: "KEDA's pollingInterval",
    absent: `the manifest's, or ${formatDuration(usual.pollingIntervalSeconds)}`,
    ...aboveZero,
  },
  cooldownSeconds: {
    name: '--cooldown',
    value: 'duration',
    meaning: "KEDA's cooldownPeriod, before zero",
    absent: `the manifest's, or ${formatDuration(usual.cooldownSeconds)}`,
    ...duration({}),
  },
  rateWindowSeconds: {
    name: '--rate-window',
    value: 'duration',
    meaning: 'span of time that one observed value sums up',
    absent: `the rate window of the query, or ${formatDuration(usual.rateWindowSeconds)}`,
    ...aboveZero,
  },
  trace: { value: 'file', meaning: 'write the replicas at every tick of 15s as CSV', ...anyText },
  html: {
    value: 'file',
    meaning:
      'write a report of one file for a browser: a day to choose, cost over service, start-ups of 1m to 30m; takes about four times the CPU',
    ...anyText,
  },
  yaml: { meaning: 'print the ScaledObject to apply instead of the tables', ...switchedOn },
  config: {
    value: 'file',
    meaning: 'configuration of the server, whose shards say the scalerAddress of the ScaledObject',
    ...anyText,
  },
  shard: {
    value: 'name',
    meaning: 'shard that is to serve the workload, with --config',
    absent: "the one of the manifest's namespace",
    ...anyText,
  },
  json: { meaning: 'print the findings as JSON', ...switchedOn },
} as const satisfies FlagTable;

export type WhatIfFlags = FlagReading<typeof flags>;

export const help = `${historyHelp}
${calendarHelp}

Plays ways of scaling on your own demand, in virtual time, through the HPA and the start-up of replicas. Each learns in the
first half and is judged in the second: once as it comes, and once tuned in the first half to serve the same share of time.

Examples:
  forescale what-if --csv requests.csv --target 10 --start-up 120s
  forescale what-if --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --target 10 --start-up 90s..240s
  forescale what-if --csv requests.csv --manifest scaled-object.yaml --start-up 5m --price-per-replica-hour 0.05
  forescale what-if --csv requests.csv --target 10 --policy reactive,forescale --json --trace replicas.csv
  forescale what-if --csv requests.csv --target 10 --policy reactive,forescale --calendar holidays.yaml
  forescale what-if --csv requests.csv --manifest scaled-object.yaml --config forescale.yaml --yaml
`;
