import type { Logger } from '../src/platform/log.ts';
import type { DemoFrame } from './terminal-view.ts';

/** What the demo is played with. */
export interface DemoOptions {
  /** How long to play, from ready. */
  readonly forSeconds: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Ends it early; what was played until then counts. */
  readonly signal: AbortSignal;
  /** What is being set up, for people who wait. */
  readonly onProgress: (what: string) => void;
  readonly onFrame: (frame: DemoFrame) => void;
}
