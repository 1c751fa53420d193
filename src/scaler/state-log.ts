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

/** Names a workload in the log. */
interface LoggedWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
}

/** Logs each change of a workload's state once, with its name and the cause. */
export function createStateLog(log: Logger, { namespace, name, trigger }: LoggedWorkload): StateLog {
  return new LoggedChanges(log, namespace, name, trigger);
}

/** A class, as StartingFleet of the controllers is. */
class LoggedChanges implements StateLog {
  readonly #log: Logger;
  readonly #namespace: string;
  readonly #name: string;
  readonly #trigger: string;
  #state: WorkloadState | undefined;
  #hasFailed = false;
  #isFarOff = false;

  constructor(log: Logger, namespace: string, name: string, trigger: string) {
    this.#log = log;
    this.#namespace = namespace;
    this.#name = name;
    this.#trigger = trigger;
  }

  noteLeadTime({ warning }: Pick<LeadTime, 'warning'>): void {
    if ((warning !== undefined) === this.#isFarOff) return;
    this.#isFarOff = warning !== undefined;
    if (this.#isFarOff) this.#log.warn({ ...this.#workload(), warning }, 'lead-time-far-off');
    else this.#log.info(this.#workload(), 'lead-time-near');
  }

  noteForecast(error: unknown): void {
    if ((error !== undefined) === this.#hasFailed) return;
    this.#hasFailed = error !== undefined;
    if (this.#hasFailed) this.#log.error({ ...this.#workload(), error: String(error) }, 'forecast-failed');
    else this.#log.info(this.#workload(), 'forecast-recovered');
  }

  note(decision: Decision | undefined, mode: 'active' | 'reactive', health: ModelHealth): void {
    const next = workloadState(decision, mode, health);
    const { lastError } = health;
    // Before the first observation there is nothing to say.
    if (decision === undefined && lastError === undefined && this.#state === undefined) return;
    if (next === this.#state) return;
    const cause = lastError?.message ?? decision?.fallbackReasons[0];
    const fields = {
      ...this.#workload(),
      from: this.#state ?? 'new',
      to: next,
      ...(cause === undefined ? {} : { cause }),
    };
    if (troubles.includes(next)) this.#log.warn(fields, 'workload-state');
    else this.#log.info(fields, 'workload-state');
    this.#state = next;
  }

  #workload(): LoggedWorkload {
    return { namespace: this.#namespace, name: this.#name, trigger: this.#trigger };
  }
}
