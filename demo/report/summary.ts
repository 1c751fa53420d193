import type { MachineLoad } from '../machine-load.ts';
import type { FleetSample } from '../scale-ups.ts';
import type { FleetResult } from './result.ts';

/** The line of `demo --json` (docs/demo.md). */
export interface DemoSummary {
  /** KEDA's polls of both ScaledObjects. */
  readonly polls: number;
  readonly samplesScraped: number;
  readonly seasons: readonly string[];
  readonly fleets: readonly FleetResult[];
  /** The sentence that compares the fleets; null where the comparison is withheld. */
  readonly verdict: string | null;
  /** The verdict in money; null where the comparison is withheld or there is nothing to compare. */
  readonly money: string | null;
  /** Why the fleets are not compared: the machine was too busy. Null where they are. */
  readonly withheld: string | null;
  readonly forecast: { readonly status: string; readonly points: number };
  readonly machine: MachineLoad;
  readonly errors: readonly string[];
}

/** The summary of a run, and the samples it was made of, for pictures. */
export interface DemoRun {
  readonly summary: DemoSummary;
  readonly fleets: readonly { readonly name: string; readonly samples: readonly FleetSample[] }[];
  readonly shiftSeconds: number;
  /** Where the page is, for as long as the demo runs. */
  readonly pageUrl: string;
}
