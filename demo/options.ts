import type { Logger } from '../src/platform/log.ts';
import type { DemoRun } from './report/summary.ts';
import type { DemoFrame } from './terminal-view.ts';

/** Options of one run of the demo. */
export interface DemoOptions {
  /** Length of the run, counted from the moment at which everything is ready. */
  readonly forSeconds: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Aborting ends the demo early. The results are those of the time until then. */
  readonly signal: AbortSignal;
  /** Called with the name of each step of the set-up, to show progress. */
  readonly onProgress: (what: string) => void;
  readonly onFrame: (frame: DemoFrame) => void;
  /** Called with the results while the page still shows them; what was started is ended after it resolves. */
  readonly onResults: (run: DemoRun) => Promise<void>;
  /** Price of a replica for an hour, in any currency. */
  readonly pricePerReplicaHour: number;
}
