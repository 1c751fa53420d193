import { readFileSync } from 'node:fs';
import { runCommand } from '../../edges/cli/run-command.ts';
import type { PlayedFleet, PlayedWorkload } from './played-day.ts';

/** Replicas of one fleet at the ticks of a what-if. */
interface Timeline {
  readonly existing: readonly number[];
  readonly ready: readonly number[];
}

/** A part of what was played: unix seconds and demand of its ticks. */
export interface PlayedTicks {
  readonly seconds: readonly number[];
  readonly demand: readonly number[];
}

/** What `what-if` says of the same demand: its ticks from one time to another, and the replicas that each policy has in them. */
export async function askWhatIf(
  prometheusUrl: string,
  { query, target, startUpSeconds }: PlayedWorkload,
  traceFile: string,
): Promise<
  (from: number, to: number) => { readonly ticks: PlayedTicks; timeline(policy: string): Timeline }
> {
  await runCommand([
    ...['what-if', '--prometheus', prometheusUrl, '--query', query, '--policy', 'reactive,forescale'],
    ...['--target', String(target), '--start-up', `${startUpSeconds}s`, '--trace', traceFile, '--json'],
  ]);
  const [header = '', ...lines] = readFileSync(traceFile, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  const rows = lines.map((line) => line.split(',').map(Number));
  return (from, to) => {
    const inSpan = rows.filter(([at = 0]) => at >= from && at < to);
    const column = (name: string) => inSpan.map((row) => row[names.indexOf(name)] ?? Number.NaN);
    return {
      ticks: { seconds: column('timestamp'), demand: column('demand') },
      timeline: (policy) => ({ existing: column(`${policy}_existing`), ready: column(`${policy}_ready`) }),
    };
  };
}

/** The replicas that a fleet had at ticks. */
export function timelineOf({ events }: PlayedFleet, { seconds }: PlayedTicks): Timeline {
  let next = 0;
  const newest = seconds.map((at) => {
    while ((events[next]?.atSeconds ?? Number.POSITIVE_INFINITY) <= at) next++;
    return events[next - 1];
  });
  return {
    existing: newest.map((event) => event?.replicas ?? Number.NaN),
    ready: newest.map((event) => event?.ready ?? Number.NaN),
  };
}

/** Mean number of replicas, and the share of time in which demand was above what the ready ones carry. */
export function judge({ demand }: PlayedTicks, { existing, ready }: Timeline, target: number) {
  const short = demand.filter((value, tick) => value > (ready[tick] ?? 0) * target).length;
  return {
    replicas: existing.reduce((sum, one) => sum + one, 0) / existing.length,
    shortShare: short / demand.length,
  };
}
