import { readFileSync } from 'node:fs';

/** A run of `npm run test:cluster` in a real cluster, as it recorded itself. */
export interface RecordedRun {
  /** Day of the run, such as 2026-11-30. */
  readonly recorded: string;
  readonly scenario: {
    readonly daySeconds: number;
    readonly targetRequestsPerSecond: number;
    readonly capacityRequestsPerSecond: number;
  };
  /** Numbers of each assertion, by its name. */
  readonly found: { readonly shed: Shed };
  /** A row a second: `columns` says what is in it. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** What both fleets rejected of the requests they got, from the first ramp on. */
interface Shed {
  /** The line that the run printed. */
  readonly line: string;
  readonly ours: { readonly requests: number; readonly shed: number };
  readonly twin: { readonly requests: number; readonly shed: number };
}

/** One second of the run. Demand and rejected requests are in requests per second, replicas are ready pods. */
export interface RunSecond {
  /** Hour of the simulated first day; above 24 it is of the day after. */
  readonly hour: number;
  readonly demand: number;
  /** Whether Prometheus was there to be asked. */
  readonly isObserved: boolean;
  readonly ready: number;
  readonly shed: number;
  readonly twinReady: number;
  readonly twinShed: number;
}

export const columns = [
  'hour',
  'demand',
  'signal',
  'ready',
  'asked',
  'shed',
  'twinReady',
  'twinAsked',
  'twinShed',
] as const;

export function readRecordedRun(): RecordedRun {
  return JSON.parse(readFileSync(new URL('./recorded/run.json', import.meta.url), 'utf8')) as RecordedRun;
}

/** The rows by the names of their columns. */
export function secondsOf({ rows }: Pick<RecordedRun, 'rows'>): readonly RunSecond[] {
  const at = (row: readonly (number | null)[], name: (typeof columns)[number]) =>
    row[columns.indexOf(name)] ?? 0;
  return rows.map((row) => ({
    hour: at(row, 'hour'),
    demand: at(row, 'demand'),
    isObserved: row[columns.indexOf('signal')] !== null,
    ready: at(row, 'ready'),
    shed: at(row, 'shed'),
    twinReady: at(row, 'twinReady'),
    twinShed: at(row, 'twinShed'),
  }));
}
