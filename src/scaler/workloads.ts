import type { RecordedDecision, RecordKey, WorkloadDirectory } from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { ForescaleError } from '../platform/errors.ts';
import { firstRound, isLeftOut, noteAsked, type Rounds, wantedSeconds } from './rounds.ts';
import { keptMetadata, parseTriggerMetadata } from './trigger-metadata.ts';
import { createWorkload, type Workload, type WorkloadParts } from './workload.ts';
import { checkNames, digestOf, type TriggerRef, triggerId } from './workload-identity.ts';

export interface WorkloadsOptions extends WorkloadParts {
  /** Most workloads at once; one more is refused with `limit-reached`. */
  readonly maxWorkloads: number;
  /** Most workloads of one namespace at once. */
  readonly maxPerNamespace: number;
  /** Seconds without a call for a workload after which it is removed. */
  readonly forgetAfterSeconds: number;
  /** A monotonic clock in seconds, because after a jump of the wall clock the server would remove every workload. */
  readonly monotonic: Clock;
  /** Takes each decision of the workloads that are shown; undefined = nothing is on record. */
  readonly record?: { note(key: RecordKey, decision: RecordedDecision): void } | undefined;
}

/** A trigger that was asked for, and how long ago. */
export interface KnownTrigger extends TriggerRef {
  readonly askedSecondsAgo: number;
}

/** How a workload is opened: `declared` in the server's configuration, or known from before a restart. */
interface OpenOptions {
  readonly declared?: boolean;
  /** Opening a known trigger is not asking for it: it was asked for this long ago. */
  readonly askedSecondsAgo?: number;
}

export interface Workloads extends WorkloadDirectory {
  /** The workload of a trigger, opened at first sight. Throws if the metadata or the address is wrong. */
  open(ref: TriggerRef, options?: OpenOptions): Workload;
  /** The workload of a trigger that is open; undefined at first sight. */
  opened(ref: TriggerRef): Workload | undefined;
  /** Takes note that a stream about a trigger is open; false where the trigger is not, so that the stream has to begin anew. */
  noteStream(ref: TriggerRef): boolean;
  /**
   * The triggers that were asked for lately, to be opened again after a restart, without the declared workloads and those with a
   * secret of the pods, and with the keys alone that decide something.
   */
  refs(): readonly KnownTrigger[];
  /** Changes whenever a workload is opened or closed. */
  generation(): number;
  /** Closes workloads that nobody has asked for during `forgetAfterSeconds`, and those that a later one has replaced. */
  forgetIdle(): void;
  close(): void;
}

interface Entry {
  /** Digest of what the metadata says; keys that decide nothing do not count. */
  readonly settingsKey: string;
  /** What is kept across a restart; undefined = nothing is. */
  readonly kept: TriggerRef | undefined;
  readonly workload: Workload;
  /** Whether the workload is declared in the server's configuration, so that it is never removed. */
  readonly declared: boolean;
  /** −Infinity where it was known from before a restart. */
  readonly openedSeconds: number;
  readonly rounds: Rounds;
  /** Digests of the metadata that asked for it, newest last; they differ in keys that decide nothing. */
  readonly metadataKeys: string[];
}

/** Seconds after which a workload is closed that a later one of the same ScaledObject has replaced. */
const setAsideAfterSeconds = 120;
const mostMetadataKeys = 4;
/** Settings of one trigger that are kept at once beside the limits. */
const mostEdits = 8;

/** Every workload this server knows. Those of one ScaledObject differ in their settings; see workload-identity.ts. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one table and what may be done with it
export function createWorkloads(options: WorkloadsOptions): Workloads {
  const { monotonic, log } = options;
  /** By namespace and name of the ScaledObject, in the order of opening. */
  const objects = new Map<string, Entry[]>();
  const byMetadata = new Map<string, Entry>();
  const perNamespace = new Map<string, number>();
  /** When triggers were asked for that were set aside since, by object and settings; oldest first. */
  const askedBefore = new Map<string, number>();
  let count = 0;
  let generation = 0;

  const siblingsOf = ({ namespace, name }: Pick<TriggerRef, 'namespace' | 'name'>) =>
    objects.get(`${namespace}/${name}`) ?? [];
  const live = (siblings: readonly Entry[]) => siblings.filter((entry) => !isReplaced(entry, siblings));

  function entryOf(ref: TriggerRef, metadataKey: string, how: OpenOptions): Entry {
    checkNames(ref);
    const { settings, warnings } = parseTriggerMetadata(ref.scalerMetadata);
    const { declared = false, askedSecondsAgo = 0 } = how;
    const { namespace, name } = ref;
    const settingsKey = digestOf([declared, settings]);
    const known = siblingsOf(ref).find((entry) => entry.settingsKey === settingsKey);
    if (known !== undefined) return remember(known, metadataKey);

    const trigger = triggerId(settings);
    // An edit takes the place of what it replaces; many that are all asked for are no edits.
    const edits = () => siblingsOf(ref).filter((entry) => entry.workload.trigger === trigger).length;
    if (edits() >= mostEdits) {
      // They share one model, so that nothing is lost with those that are asked for again.
      closeWhere((entry, siblings) =>
        entry.workload.trigger === trigger && isReplaced(entry, siblings) ? 'workload-set-aside' : undefined,
      );
    }
    if (edits() === 0 || edits() >= mostEdits) makeRoom(ref);
    const workload = createWorkload({
      ...options,
      ...{ namespace, name, trigger, settings, warnings },
      note: options.record && noting({ namespace, name, trigger }, settingsKey),
    });
    const askedSeconds = monotonic() - askedSecondsAgo;
    const scalerMetadata = keptMetadata(ref.scalerMetadata);
    const entry: Entry = {
      settingsKey,
      kept: scalerMetadata === undefined ? undefined : { namespace, name, scalerMetadata },
      workload,
      declared,
      // What is known from before a restart was there together: none of it took the place of another.
      openedSeconds: how.askedSecondsAgo === undefined ? askedSeconds : Number.NEGATIVE_INFINITY,
      rounds: firstRound(askedSeconds, askedBefore.get(`${namespace}/${name}/${settingsKey}`)),
      metadataKeys: [],
    };
    objects.set(`${namespace}/${name}`, [...siblingsOf(ref), entry]);
    perNamespace.set(namespace, (perNamespace.get(namespace) ?? 0) + 1);
    count++;
    generation++;
    log.info({ namespace, name, trigger, query: workload.model.query }, 'workload-opened');
    for (const { field, message } of workload.warnings) {
      log.warn({ namespace, name, key: field, warning: message }, 'trigger-metadata-warning');
    }
    return remember(entry, metadataKey);
  }

  /** What takes the decisions of a trigger, until another one has replaced it and decides for KEDA. */
  const noting = (key: RecordKey, settingsKey: string) => (decision: RecordedDecision) => {
    const siblings = siblingsOf(key);
    const own = siblings.find((entry) => entry.settingsKey === settingsKey);
    if (own === undefined || !isReplaced(own, siblings)) options.record?.note(key, decision);
  };

  function remember(entry: Entry, metadataKey: string): Entry {
    byMetadata.set(metadataKey, entry);
    entry.metadataKeys.push(metadataKey);
    if (entry.metadataKeys.length > mostMetadataKeys) byMetadata.delete(entry.metadataKeys.shift() ?? '');
    return entry;
  }

  /** Refuses one workload more than the limits allow; those that were replaced make room first. */
  function makeRoom({ namespace, name }: TriggerRef): void {
    const inNamespace = () => perNamespace.get(namespace) ?? 0;
    const isFull = () => count >= options.maxWorkloads || inNamespace() >= options.maxPerNamespace;
    if (isFull()) closeWhere(setAside);
    if (!isFull()) return;
    const [whose, known, setting] =
      count >= options.maxWorkloads
        ? ['this server', count, 'limits.workloads']
        : [`namespace ${namespace}`, inNamespace(), 'limits.workloadsPerNamespace'];
    throw new ForescaleError(
      'limit-reached',
      `${namespace}/${name}: ${whose} already has ${known} workloads, its limit; raise ${setting} or run another release`,
    );
  }

  /** Closes the entries for which `eventOf` gives a reason. */
  function closeWhere(eventOf: (entry: Entry, siblings: readonly Entry[]) => string | undefined): void {
    for (const [object, siblings] of objects) {
      const kept = siblings.filter((entry) => {
        const event = entry.declared ? undefined : eventOf(entry, siblings);
        if (event !== undefined) closeEntry(entry, event);
        return event === undefined;
      });
      if (kept.length === siblings.length) continue;
      if (kept.length === 0) objects.delete(object);
      else objects.set(object, kept);
    }
  }

  function closeEntry(entry: Entry, event: string): void {
    const { namespace, name } = entry.workload;
    for (const metadataKey of entry.metadataKeys) byMetadata.delete(metadataKey);
    perNamespace.set(namespace, (perNamespace.get(namespace) ?? 1) - 1);
    count--;
    generation++;
    entry.workload.release();
    rememberAsked(`${namespace}/${name}/${entry.settingsKey}`, entry.rounds.askedSeconds);
    log.info({ namespace, name, trigger: entry.workload.trigger }, event);
  }

  /** A trigger that is asked for less often than its siblings is set aside once, and not again when it has come back. */
  function rememberAsked(key: string, askedSeconds: number): void {
    askedBefore.delete(key);
    askedBefore.set(key, askedSeconds);
    const [oldest] = askedBefore.keys();
    if (askedBefore.size > options.maxWorkloads && oldest !== undefined) askedBefore.delete(oldest);
  }

  return {
    open(ref, how = {}) {
      const metadataKey = metadataKeyOf(ref, how.declared);
      const entry = byMetadata.get(metadataKey) ?? entryOf(ref, metadataKey, how);
      if (how.askedSecondsAgo === undefined) noteAsked(entry.rounds, monotonic());
      return entry.workload;
    },
    opened(ref) {
      const entry = byMetadata.get(metadataKeyOf(ref));
      if (entry !== undefined) noteAsked(entry.rounds, monotonic());
      return entry?.workload;
    },
    noteStream(ref) {
      const entry = byMetadata.get(metadataKeyOf(ref));
      if (entry !== undefined) entry.rounds.streamedSeconds = monotonic();
      return entry !== undefined;
    },
    list: () => [...objects.values()].flatMap(live).map(({ workload }) => workload),
    find: (namespace, name) => live(siblingsOf({ namespace, name })).map(({ workload }) => workload),
    refs: () =>
      [...objects.values()]
        .flatMap(live)
        .flatMap(({ declared, kept, rounds }) =>
          declared || kept === undefined
            ? []
            : [{ ...kept, askedSecondsAgo: monotonic() - wantedSeconds(rounds) }],
        ),
    generation: () => generation,
    forgetIdle() {
      closeWhere((entry, siblings) => {
        const idleSeconds = monotonic() - wantedSeconds(entry.rounds);
        if (idleSeconds > options.forgetAfterSeconds) return 'workload-forgotten';
        return idleSeconds > setAsideAfterSeconds ? setAside(entry, siblings) : undefined;
      });
    },
    close() {
      for (const { workload } of [...objects.values()].flat()) workload.release();
      objects.clear();
      byMetadata.clear();
    },
  };
}

function metadataKeyOf({ namespace, name, scalerMetadata }: TriggerRef, isDeclared = false): string {
  return digestOf([namespace, name, isDeclared, scalerMetadata]);
}

/** The event for which a workload is closed that KEDA has left out of two rounds of questions about its ScaledObject. */
function setAside(entry: Entry, siblings: readonly Entry[]): string | undefined {
  const leftOut = siblings.some((other) => !other.declared && isLeftOut(entry.rounds, other.rounds));
  return leftOut ? 'workload-set-aside' : undefined;
}

/**
 * Whether a later workload of the same ScaledObject has replaced this one, so that it is shown no more: KEDA has not asked for it
 * since the other was opened, or leaves it out of its rounds. A declared workload gives way to the trigger of KEDA that asks the
 * same.
 */
function isReplaced(entry: Entry, siblings: readonly Entry[]): boolean {
  const others = siblings.filter((other) => other !== entry && !other.declared);
  if (entry.declared) return others.some(({ workload }) => workload.trigger === entry.workload.trigger);
  return (
    setAside(entry, siblings) !== undefined ||
    others.some(({ openedSeconds }) => openedSeconds > wantedSeconds(entry.rounds))
  );
}
