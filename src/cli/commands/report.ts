import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp, workloadArgument } from '../server-flags.ts';

export const flags = {
  workload: {
    meaning: 'report on one workload',
    absent: 'all',
    ...workloadArgument,
  },
  ...serverFlags,
  json: { meaning: 'print the report as one line of JSON', ...switchedOn },
} as const satisfies FlagTable;

export type ReportFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

The last week of each workload, the worst served first: how long demand was above what the ready replicas carry, with the
replica-hours that took, beside what the reactive rule (an HPA with the same target on the observed demand) would have
done with the same demand; then what to do about each. In mode reactive it is the verdict of the shadow: whether turning
the forecast on is worth it. Both rules are played through the HPA and the start-up of replicas, so that nothing has to be
switched to know. The exit code is 3 while nothing could be played yet.

Examples:
  forescale report
  forescale report --server http://forescale.example:8080 shop/checkout
  forescale report --server https://forescale.example --ca-file ca.crt --bearer-token-file token --json
`;
