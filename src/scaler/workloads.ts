import type { WorkloadDirectory } from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { ForescaleError, invalidField } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { parseTriggerMetadata } from './trigger-metadata.ts';
import { createWorkload, triggerId, type Workload, type WorkloadParts } from './workload.ts';

/** What identifies a trigger on the wire: KEDA's ScaledObjectRef. */
export interface TriggerRef {
  readonly namespace: string;
  readonly name: string;
  readonly scalerMetadata: Readonly<Record<string, string>>;
}

export interface WorkloadsOptions extends WorkloadParts {
  /** Most workloads at once; one more is refused with `limit-reached`. */
  readonly maxWorkloads: number;
  /** Seconds without a call for a workload after which it is removed. */
  readonly forgetAfterSeconds: number;
  /** A monotonic clock in seconds, because after a jump of the wall clock the server would remove every workload. */
  readonly monotonic: Clock;
  readonly log: Logger;
}

export interface Workloads extends WorkloadDirectory {
  /** The workload of a trigger, opened at first sight. Throws if the metadata or the address is wrong. */
  open(ref: TriggerRef, options?: { readonly declared: boolean }): Workload;
  /** The triggers that were asked for lately, to be opened again after a restart, without the declared workloads. */
  refs(): readonly TriggerRef[];
  /** Closes workloads that nobody has asked for during `forgetAfterSeconds`. */
  forgetIdle(): void;
  close(): void;
}

interface Entry {
  readonly ref: TriggerRef;
  readonly workload: Workload;
  /** Whether the workload is declared in the server's configuration, so that it is never removed. */
  readonly declared: boolean;
  askedSeconds: number;
}

/** Every workload this server knows, by namespace, name and trigger. */
export function createWorkloads(options: WorkloadsOptions): Workloads {
  const { monotonic, log } = options;
  const entries = new Map<string, Entry>();

  function openNew(key: string, ref: TriggerRef, trigger: string, declared: boolean): Entry {
    checkNames(ref);
    const parsed = parseTriggerMetadata(ref.scalerMetadata);
    if (entries.size >= options.maxWorkloads) {
      throw new ForescaleError(
        'limit-reached',
        `${ref.namespace}/${ref.name}: this server already has ${entries.size} workloads, its limit; raise limits.workloads or run another release`,
      );
    }
    const { namespace, name } = ref;
    const workload = createWorkload({ ...options, ...parsed, namespace, name, trigger });
    const entry = { ref, workload, declared, askedSeconds: monotonic() };
    entries.set(key, entry);
    log.info({ namespace, name, trigger, query: parsed.settings.query }, 'workload-opened');
    for (const { field, message } of parsed.warnings) {
      log.warn({ namespace, name, key: field, warning: message }, 'trigger-metadata-warning');
    }
    return entry;
  }

  return {
    open(ref, { declared } = { declared: false }) {
      const trigger = triggerId(ref.scalerMetadata);
      const key = `${ref.namespace}/${ref.name}/${trigger}`;
      const entry = entries.get(key) ?? openNew(key, ref, trigger, declared);
      entry.askedSeconds = monotonic();
      return entry.workload;
    },
    list: () => [...entries.values()].map((entry) => entry.workload),
    find: (namespace, name) =>
      [...entries.values()]
        .filter((entry) => entry.ref.namespace === namespace && entry.ref.name === name)
        .map((entry) => entry.workload),
    refs: () => [...entries.values()].filter((entry) => !entry.declared).map((entry) => entry.ref),
    forgetIdle() {
      const oldestSeconds = monotonic() - options.forgetAfterSeconds;
      for (const [key, entry] of entries) {
        if (entry.declared || entry.askedSeconds >= oldestSeconds) continue;
        entries.delete(key);
        entry.workload.release();
        log.info({ namespace: entry.ref.namespace, name: entry.ref.name }, 'workload-forgotten');
      }
    },
    close() {
      for (const entry of entries.values()) entry.workload.release();
      entries.clear();
    },
  };
}

/** Limit of Kubernetes for names, which are kept as labels and shown. */
const maxNameCharacters = 253;

function checkNames(ref: TriggerRef): void {
  for (const field of ['namespace', 'name'] as const) {
    if (ref[field].length <= maxNameCharacters) continue;
    const message = `${field}: ${ref[field].length} characters are too many; a Kubernetes name has at most ${maxNameCharacters}`;
    throw invalidField(field, message);
  }
}
