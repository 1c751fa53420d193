import type { Logger } from '../src/platform/log.ts';
import type { DemoFrame } from './terminal-view.ts';

/** What the demo runs with. */
export interface DemoOptions {
  /** How long to run, counted from ready. */
  readonly forSeconds: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Ends the demo early; its results are of the time until then. */
  readonly signal: AbortSignal;
  /** Is told each step of the set-up, for people who wait. */
  readonly onProgress: (what: string) => void;
  readonly onFrame: (frame: DemoFrame) => void;
}
