import { percentage } from '../../../api/answers/words.ts';
import type { ServerStatus } from '../../../api/schemas/server.ts';
import type { ShardStanding } from '../../../api/schemas/shards.ts';
import { formatDuration } from '../../../platform/duration.ts';
import type { Colour, Paint } from '../../../platform/terminal/paint.ts';
import { formatNumber, textTable } from '../../../platform/terminal/text-table.ts';
import { type FoundWorkload, nameOf } from './list-workloads.ts';
import { clockTime } from './local-time.ts';

/** What a server said of itself and its workloads. */
export interface Looked {
  readonly server: string;
  readonly status: ServerStatus;
  /** The releases that share the workloads of the cluster; undefined where the server serves all. */
  readonly shards?: readonly ShardStanding[];
  readonly workloads: readonly FoundWorkload[];
}

const heading = [
  'workload',
  'state',
  'demand',
  'signal',
  'asked/ready/max',
  'lead',
  'service 7d',
  'next peak',
];
const colours = {
  critical: 'red',
  warning: 'yellow',
  notice: 'cyan',
  ok: 'green',
} as const satisfies Record<FoundWorkload['attention'], Colour>;

/** The server in a line, a table of its workloads, and after each line what is the matter with the workload. */
export function statusLines(
  { server, status, shards = [], workloads }: Looked,
  { paint, timeZone }: { readonly paint: Paint; readonly timeZone: string },
): readonly string[] {
  const rows = workloads.map((workload) => cellsOf(workload, timeZone));
  const [first = '', ...lines] = textTable([heading, ...rows]).split(/(?<=\n)/);
  const marked = lines.map((line, index) => withReason(line.trimEnd(), workloads[index], paint));
  const table = rows.length === 0 ? [] : ['\n', `${paint('dim', first.trimEnd())}\n`, ...marked];
  return [serverLine(server, status, paint), ...shardLines(shards, paint), ...table];
}

function serverLine(
  server: string,
  { archive, mode, replicas, ready, reasons, workloads }: ServerStatus,
  paint: Paint,
): string {
  const silent = replicas.filter(({ answers }) => !answers).map(({ replica }) => replica);
  const parts = [
    paint('bold', server),
    mode === 'reactive'
      ? paint('yellow', 'kill switch on: every signal is the observed demand')
      : 'mode active',
    workloads.total === 1 ? '1 workload' : `${workloads.total} workloads`,
    ...(replicas.length > 1 ? [`${replicas.length} replicas`] : []),
    ...(silent.length > 0 ? [paint('yellow', `no answer from ${silent.join(', ')}`)] : []),
    ...archiveWords(archive, paint),
    ...(ready ? [] : [paint('yellow', `not ready: ${reasons[0] ?? 'starting'}`)]),
  ];
  return `${parts.join('  ')}\n`;
}

function archiveWords(archive: ServerStatus['archive'], paint: Paint): readonly string[] {
  if (archive === undefined) return [];
  if (archive.warning !== undefined) return [paint('yellow', archive.warning)];
  return archive.since === null ? [] : [`demand archived since ${dayOf(archive.since)}`];
}

const dayOf = (unixSeconds: number) => new Date(1000 * unixSeconds).toISOString().slice(0, 10);

/** A line for each shard: what it has, or that it does not answer, in which case its workloads are not among those below. */
function shardLines(shards: readonly ShardStanding[], paint: Paint): readonly string[] {
  const width = Math.max(...shards.map(({ name }) => name.length));
  return shards.map(({ name, own, answers, error, mode, ready, workloads, scalerAddress }) => {
    const silent = [paint('red', 'does not answer, its workloads are not shown'), error ?? ''];
    const said = [
      `${workloads?.total ?? 0} workloads`,
      ...(own ? ['the one that was asked'] : []),
      ...(mode === 'reactive' ? [paint('yellow', 'kill switch on')] : []),
      ...(ready === false ? [paint('yellow', 'not ready')] : []),
    ];
    return `  shard ${name.padEnd(width)}  ${[scalerAddress, ...(answers ? said : silent)].join('  ')}\n`;
  });
}

/** Colours the state, and adds the reason. */
function withReason(line: string, workload: FoundWorkload | undefined, paint: Paint): string {
  if (workload === undefined) return `${line}\n`;
  const { state, attention, reason } = workload;
  const at = line.indexOf(state, nameOf(workload).length);
  const coloured = `${line.slice(0, at)}${paint(colours[attention], state)}${line.slice(at + state.length)}`;
  return `${coloured}${reason === undefined ? '' : `  ${paint(colours[attention], reason)}`}\n`;
}

const missing = '–';

function cellsOf(workload: FoundWorkload, timeZone: string): readonly string[] {
  const { state, unit, observed, signal, replicasAsked, replicasReady, maxReplicas } = workload;
  const { leadTimeSeconds, achievedService, nextPeak } = workload;
  const replicas = [replicasAsked, replicasReady, maxReplicas].map((count) => count ?? missing);
  return [
    nameOf(workload),
    state,
    observed === null ? missing : `${formatNumber(observed)}${unit === undefined ? '' : ` ${unit}`}`,
    signal === null ? missing : formatNumber(signal),
    replicas.join('/'),
    formatDuration(Math.round(leadTimeSeconds)),
    achievedService === null ? missing : percentage(achievedService),
    nextPeak === null ? missing : `${clockTime(nextPeak.t, timeZone)} → ${nextPeak.replicas}`,
  ];
}
