import type { Clock } from '../platform/clock.ts';
import type { KedaClient } from './client.ts';
import type { ScaleTarget } from './scale-target.ts';
import type { Tally } from './tally.ts';
import type { Report } from './timeline.ts';
import type { Timers } from './timers.ts';

/** What KEDA's operator and the HPA controller of one simulation share. */
export interface Stage {
  readonly client: KedaClient;
  readonly scaleTarget: ScaleTarget;
  readonly tally: Tally;
  readonly report: Report;
  readonly clock: Clock;
  readonly timers: Timers;
}
