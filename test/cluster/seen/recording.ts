import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { columns } from '../../../tools/documents/cluster/recorded-run.ts';
import { askedAt, type PodLife, readyAt, type Step } from '../play/fleet-timeline.ts';
import { promRange } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { names } from '../play/scaled-objects.ts';
import { scenario } from '../play/scenario.ts';

/** Where a run is recorded; set, it makes the picture and the table of docs/kubernetes.md. */
const file = process.env['FORESCALE_CLUSTER_RECORD'];

interface Fleet {
  readonly pods: readonly PodLife[];
  readonly asked: readonly Step[];
}

/** Writes what was seen between two hours of the simulated day, a row a second, with the findings in words. */
export async function record(
  { access, watch, demand, timeAt }: Play,
  [fromHour, untilHour]: readonly [number, number],
  found: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (file === undefined) return;
  const [from, until] = [Math.ceil(timeAt(fromHour)), Math.floor(timeAt(untilHour))];
  const fleet = (app: string): Fleet => ({ pods: watch.podsOf(app), asked: watch.askedOf(app) });
  const [ours, twin] = [fleet(names.ours), fleet(names.twin)];
  const series = async (query: string) => new Map(await promRange(access, query, [from, until]));
  const shed = (app: string) => series(`sum(rate(app_requests_shed_total{app="${app}"}[4s]))`);
  const [oursShed, twinShed] = [await shed(names.ours), await shed(names.twin)];
  // A sample counts for seconds, and not for the minutes that Prometheus would go back, so that its absence is seen.
  const signal = await series(`max(last_over_time(forescale_signal{name="${names.ours}"}[4s]))`);
  const rows = [];
  for (let at = from; at <= until; at++) {
    const of = ({ pods, asked }: Fleet, rejected: ReadonlyMap<number, number>) => [
      readyAt(pods, at),
      askedAt(asked, at),
      rounded(rejected.get(at) ?? 0),
    ];
    rows.push([
      rounded(((at - timeAt(0)) / scenario.daySeconds) * 24),
      rounded(demand(at)),
      rounded(signal.get(at) ?? null),
      ...of(ours, oursShed),
      ...of(twin, twinShed),
    ]);
  }
  const head = { recorded: new Date().toISOString().slice(0, 10), scenario, found };
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ ...head, columns }, roundNumbers, 1).slice(0, -2)},\n "rows": [\n${lines}\n]}\n`,
  );
}

const roundNumbers = (_: string, value: unknown) => (typeof value === 'number' ? rounded(value) : value);

function rounded(value: number): number;
function rounded(value: number | null): number | null;
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
