import {
  type Decision,
  type LeadTime,
  type ModelHealth,
  type WorkloadState,
  workloadState,
} from '../forecast/index.ts';
import type { Logger } from '../platform/log.ts';

/** States that an operator may have to do something about. */
const troubles: readonly WorkloadState[] = ['unavailable', 'blind', 'distrusted'];

export interface StateLog {
  /** Takes what was decided just now, and logs where the state has changed. */
  note(decision: Decision | undefined, mode: 'active' | 'reactive', health: ModelHealth): void;
  /** Takes what the model threw when it was asked for a forecast, or undefined where it answered, and logs the first of each. */
  noteForecast(error: unknown): void;
  /** Takes the lead time of now, and logs where it begins or ends to be far from what was learned. */
  noteLeadTime(leadTime: Pick<LeadTime, 'warning'>): void;
}

/** Logs each change of a workload's state once, with its name and the cause. */
export function createStateLog(
  log: Logger,
  workload: { readonly namespace: string; readonly name: string; readonly trigger: string },
): StateLog {
  let state: WorkloadState | undefined;
  let hasFailed = false;
  let isFarOff = false;
  return {
    noteLeadTime({ warning }) {
      if ((warning !== undefined) === isFarOff) return;
      isFarOff = warning !== undefined;
      if (isFarOff) log.warn({ ...workload, warning }, 'lead-time-far-off');
      else log.info(workload, 'lead-time-near');
    },
    noteForecast(error) {
      if ((error !== undefined) === hasFailed) return;
      hasFailed = error !== undefined;
      if (hasFailed) log.error({ ...workload, error: String(error) }, 'forecast-failed');
      else log.info(workload, 'forecast-recovered');
    },
    note(decision, mode, health) {
      const next = workloadState(decision, mode, health);
      const { lastError } = health;
      // Before the first observation there is nothing to say.
      if (decision === undefined && lastError === undefined && state === undefined) return;
      if (next === state) return;
      const cause = lastError?.message ?? decision?.fallbackReasons[0];
      const fields = {
        ...workload,
        from: state ?? 'new',
        to: next,
        ...(cause === undefined ? {} : { cause }),
      };
      if (troubles.includes(next)) log.warn(fields, 'workload-state');
      else log.info(fields, 'workload-state');
      state = next;
    },
  };
}
