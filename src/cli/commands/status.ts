import { duration } from '../../platform/duration.ts';
import { anyText } from '../../platform/setting-values.ts';
import { timeZone } from '../../platform/time-zone.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp, workloadArgument } from '../server-flags.ts';

export const flags = {
  workload: {
    meaning: 'show one workload',
    absent: 'all',
    ...workloadArgument,
  },
  watch: { short: '-w', meaning: 'draw it again every few seconds, until Ctrl-C', ...switchedOn },
  everySeconds: {
    name: '--every',
    value: 'duration',
    meaning: 'how often, with --watch',
    default: '2s',
    ...duration({ from: '500ms', to: '1h' }),
  },
  namespace: { value: 'namespace', meaning: 'show the workloads of one namespace', ...anyText },
  search: { value: 'text', meaning: 'show those whose namespace/name has this part', ...anyText },
  timeZone: { value: 'zone', meaning: 'time zone of the times', default: 'UTC', ...timeZone },
  ...serverFlags,
  json: { meaning: 'print the answer as one line of JSON', ...switchedOn },
} as const satisfies FlagTable;

export type StatusFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

One line for each workload, those that want attention first, with what is the matter. Whichever replica answers, the lines are the same.
Where several releases share the cluster, those of all are shown; one that does not answer is named.

  demand           observed now, in the unit of the trigger
  signal           what KEDA is told; – = an error, and the replicas stay as they are
  asked/ready/max  replicas that follow from the signal, those that are ready, and the most that the HPA allows
  lead             time from a decision to a ready pod
  service 7d       share of the last week in which the rule that is served carried the demand
  next peak        the highest forecast of the next day, and the replicas it needs

The exit code is 3 while the server knows no workload. Colours are for terminals; NO_COLOR turns them off.

Examples:
  forescale status
  forescale status -w --server http://forescale.example:8080
  forescale status shop/checkout --time-zone Europe/Berlin
  forescale status --namespace shop --json --bearer-token-file token
`;
