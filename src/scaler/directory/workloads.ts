import type { RecordedDecision, RecordKey, WorkloadDirectory } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { ServedBefore } from '../decision/served-before.ts';
import { keptMetadata, parseTriggerMetadata } from '../trigger-metadata.ts';
import { createWorkload, type Workload, type WorkloadParts } from '../workload.ts';
import { checkNames, digestOf, type TriggerRef, triggerId } from '../workload-identity.ts';
import { type AskedLog, type AskedTrigger, createAskedLog, type Told, wantedSecondsAgo } from './asked.ts';
import { createClosedTriggers } from './closed-triggers.ts';
import {
  askedTrigger,
  type Entry,
  idleEvent,
  isReplaced,
  newerServed,
  noteTold,
  servedLately,
} from './entry.ts';
import { createEntryTable } from './entry-table.ts';
import { createExpectedTriggers, type KnownTrigger } from './expected-triggers.ts';
import { createMetadataIndex } from './metadata-index.ts';
import { firstRound, noteAsked, wantedSeconds } from './rounds.ts';
import { checkShard, type Shards } from './shard.ts';

export interface WorkloadsOptions extends WorkloadParts {
  /** Most workloads at once; one more is refused with `limit-reached`. */
  readonly maxWorkloads: number;
  /** Most workloads of one namespace at once. */
  readonly maxPerNamespace: number;
  /** Workloads of other shards are refused with `other-shard`; undefined = this server serves all. */
  readonly shards?: Shards | undefined;
  /** Seconds without a call for a workload after which it is removed. */
  readonly forgetAfterSeconds: number;
  /** A monotonic clock in seconds, because after a jump of the wall clock the server would remove every workload. */
  readonly monotonic: Clock;
  /** Name of this replica, by which its peers and people know it. Default: local. */
  readonly replica?: string;
  /** Takes each decision of the workloads that are shown; undefined = nothing is on record. */
  readonly record?: { note(key: RecordKey, decision: RecordedDecision): void } | undefined;
}

/** A known trigger with its key among those of this replica; see {@link AskedTrigger}. */
interface KeyedTrigger extends KnownTrigger {
  readonly key: string;
}

/**
 * How a workload is opened: `declared` in the server's configuration, told by a peer, or with what is known from before a restart. Opening
 * a known trigger is not asking for it: it was asked for `askedSecondsAgo`.
 */
interface OpenOptions extends Partial<Omit<KnownTrigger, keyof TriggerRef>> {
  readonly declared?: boolean;
  readonly told?: Told;
}

/** A trigger that KEDA asks another replica for. */
export interface FollowedTrigger {
  /** Takes what that replica tells of it now; false where the workload was closed, so that it has to be followed anew. */
  note(told: Told): boolean;
}

export interface Workloads extends WorkloadDirectory {
  /** Says which triggers are known from before a restart and will be opened: one that is asked for before is opened as they are. */
  expect(known: readonly KnownTrigger[]): void;
  /** The workload of a trigger, opened at first sight. Throws if the metadata or the address is wrong. */
  open(ref: TriggerRef, options?: OpenOptions): Workload;
  /** The workload of a trigger that is open; undefined at first sight. It counts as asked for. */
  opened(ref: TriggerRef): Workload | undefined;
  /** The workload of a trigger that is open, without asking for it. */
  known(ref: TriggerRef): Workload | undefined;
  /**
   * Opens the workload of a trigger that KEDA asks another replica for, or keeps it open. Throws as `open` does. Where there is no
   * room, KEDA's own questions come first: a workload that was only told gives way to one that is asked for here.
   */
  follow(ref: TriggerRef, told: Told, served?: ServedBefore): FollowedTrigger;
  /** The triggers that KEDA lately asked this replica for, with those of {@link Workloads.refs} in mind. */
  asked(): readonly AskedTrigger[];
  /** Takes note that a stream about a trigger is open; false where the trigger is not, so that the stream has to begin anew. */
  noteStream(ref: TriggerRef): boolean;
  /**
   * The triggers that were asked for lately, to be opened again after a restart, without the declared workloads and those with a
   * secret of the pods, and with the keys alone that decide something.
   */
  refs(): readonly KeyedTrigger[];
  /** The same, one after the other: there may be ten thousand. */
  eachRef(): Iterable<KeyedTrigger>;
  /** Changes whenever a workload is opened or closed. */
  generation(): number;
  /** Closes workloads that nobody has asked for during `forgetAfterSeconds`, and those that a later one has replaced. */
  forgetIdle(): void;
  /** The same, one ScaledObject after the other. */
  forgettingIdle(): Iterable<void>;
  /** Releases all workloads, in slices between which the event loop turns. */
  close(): Promise<void>;
}

/** Settings of one trigger that are kept at once beside the limits. */
const mostEdits = 8;

/** Every workload this server knows. Those of one ScaledObject differ in their settings; see workload-identity.ts. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one table and what may be done with it
export function createWorkloads(options: WorkloadsOptions): Workloads {
  const { monotonic, log, replica = 'local' } = options;
  const index = createMetadataIndex();
  /** By object and settings. */
  const closedTriggers = createClosedTriggers(options.maxWorkloads);
  const expected = createExpectedTriggers(entryOf);
  let generation = 0;

  const table = createEntryTable((entry, event) => {
    const { namespace, name, trigger } = entry.workload;
    index.forget(entry);
    generation++;
    const served = entry.workload.lastGood();
    entry.workload.release();
    closedTriggers.remember(`${namespace}/${name}/${entry.settingsKey}`, {
      askedSeconds: entry.rounds.askedSeconds,
      served,
    });
    log.info({ namespace, name, trigger }, event);
  });
  const { siblingsOf } = table;
  const live = (siblings: readonly Entry[]) => siblings.filter((entry) => !isReplaced(entry, siblings));

  function entryOf(ref: TriggerRef, how: OpenOptions): Entry {
    checkNames(ref);
    const { settings, warnings } = parseTriggerMetadata(ref.scalerMetadata);
    checkShard(options.shards, ref, settings);
    const { declared = false, told } = how;
    const { askedSecondsAgo = wantedSecondsAgo(told) } = how;
    const { namespace, name } = ref;
    const settingsKey = digestOf([declared, settings]);
    const known = siblingsOf(ref).find((entry) => entry.settingsKey === settingsKey);
    if (known !== undefined) return index.remember(known, ref);

    const trigger = triggerId(settings);
    const closed = closedTriggers.of(`${namespace}/${name}/${settingsKey}`);
    const lately = servedLately(siblingsOf(ref), { ...settings, trigger });
    const before = how.served ?? newerServed(closed?.served, lately);
    // An edit takes the place of what it replaces; many that are all asked for are no edits.
    const edits = () => siblingsOf(ref).filter((entry) => entry.workload.trigger === trigger).length;
    if (edits() >= mostEdits) {
      // They share one model, so that nothing is lost with those that are asked for again.
      table.closeWhere((entry, siblings) =>
        entry.workload.trigger === trigger && isReplaced(entry, siblings) ? 'workload-set-aside' : undefined,
      );
    }
    if (edits() === 0 || edits() >= mostEdits) makeRoom(ref, told === undefined);
    const asked = createAskedLog(replica, monotonic);
    if (told !== undefined) asked.noteTold(told);
    const workload = createWorkload({
      parts: options,
      ...{ namespace, name, trigger, settings, warnings },
      asked,
      before,
      keptFacts: how.cluster,
      note: options.record && noting({ namespace, name, trigger }, settingsKey, asked),
    });
    const askedSeconds = monotonic() - askedSecondsAgo;
    const scalerMetadata = keptMetadata(ref.scalerMetadata);
    const entry: Entry = {
      settingsKey,
      kept: scalerMetadata === undefined ? undefined : { namespace, name, scalerMetadata },
      workload,
      query: settings.query,
      declared,
      // What is known from before a restart was there together: none of it took the place of another.
      openedSeconds:
        told === undefined && how.askedSecondsAgo === undefined
          ? askedSeconds
          : monotonic() - (told?.openedSecondsAgo ?? Number.POSITIVE_INFINITY),
      rounds: firstRound(askedSeconds, closed?.askedSeconds),
      asked,
      key: digestOf([namespace, name, settingsKey]).slice(0, 16),
      isOpen: true,
      metadataDigests: [],
      newestMetadata: undefined,
    };
    table.add(entry);
    generation++;
    log.info({ namespace, name, trigger, query: workload.model.query }, 'workload-opened');
    for (const { field, message } of workload.warnings) {
      log.warn({ namespace, name, key: field, warning: message }, 'trigger-metadata-warning');
    }
    return index.remember(entry, ref);
  }

  /** What takes the decisions of a trigger, until another one has replaced it and decides for KEDA. */
  const noting = (key: RecordKey, settingsKey: string, asked: AskedLog) => (decision: RecordedDecision) => {
    const siblings = siblingsOf(key);
    const own = siblings.find((entry) => entry.settingsKey === settingsKey);
    if (own !== undefined && isReplaced(own, siblings)) return;
    options.record?.note(key, asked.isElsewhere() ? { ...decision, elsewhere: true } : decision);
  };

  /** Refuses one workload more than the limits allow; those that were replaced, or are only told of, make room first. */
  function makeRoom({ namespace, name }: TriggerRef, isAsked: boolean): void {
    const inNamespace = () => table.inNamespace(namespace);
    const isFull = () => table.count >= options.maxWorkloads || inNamespace() >= options.maxPerNamespace;
    if (isFull()) table.closeSetAside();
    if (isFull() && isAsked)
      table.closeOneTold(inNamespace() >= options.maxPerNamespace ? namespace : undefined);
    if (!isFull()) return;
    const [whose, known, setting] =
      table.count >= options.maxWorkloads
        ? ['this server', table.count, 'limits.workloads']
        : [`namespace ${namespace}`, inNamespace(), 'limits.workloadsPerNamespace'];
    throw new ForescaleError(
      'limit-reached',
      `${namespace}/${name}: ${whose} already has ${known} workloads, its limit; raise ${setting} or run another release`,
    );
  }

  function openedEntry(ref: TriggerRef, how: OpenOptions): Entry {
    const found = index.find(ref, siblingsOf(ref), how.declared);
    if (found === undefined) expected.openOf(ref);
    return found ?? entryOf(ref, how);
  }

  function* eachRef(): Generator<KeyedTrigger> {
    for (const siblings of table.all())
      for (const { declared, kept, rounds, key, workload } of live(siblings)) {
        if (declared || kept === undefined) continue;
        const askedSecondsAgo = monotonic() - wantedSeconds(rounds);
        yield { ...kept, key, askedSecondsAgo, served: workload.lastGood(), cluster: workload.keptFacts() };
      }
  }

  const eventOfIdle = (entry: Entry, siblings: readonly Entry[]) =>
    idleEvent(entry, siblings, monotonic(), options.forgetAfterSeconds);

  function noteHere(entry: Entry): void {
    noteAsked(entry.rounds, monotonic());
    if (entry.declared) return;
    entry.asked.noteAsked();
    table.noteAsked(entry);
  }

  return {
    expect: expected.expect,
    open(ref, how = {}) {
      const entry = openedEntry(ref, how);
      if (how.askedSecondsAgo === undefined) noteHere(entry);
      return entry.workload;
    },
    opened(ref) {
      const entry = index.find(ref, siblingsOf(ref));
      if (entry !== undefined) noteHere(entry);
      return entry?.workload;
    },
    known: (ref) => index.find(ref, siblingsOf(ref))?.workload,
    follow(ref, told, served) {
      const entry = openedEntry(ref, { told, served });
      const note = (newest: Told) => {
        if (!entry.isOpen) return false;
        noteTold(entry, newest, monotonic());
        table.noteAsked(entry);
        return true;
      };
      note(told);
      return { note };
    },
    asked: () =>
      table
        .all()
        .flatMap(live)
        .flatMap((entry) => askedTrigger(entry, monotonic()) ?? []),
    noteStream(ref) {
      const entry = index.find(ref, siblingsOf(ref));
      if (entry === undefined) return false;
      entry.rounds.streamedSeconds = monotonic();
      entry.asked.noteStream();
      table.noteAsked(entry);
      return true;
    },
    list: () =>
      table
        .all()
        .flatMap(live)
        .map(({ workload }) => workload),
    find: (namespace, name) => live(siblingsOf({ namespace, name })).map(({ workload }) => workload),
    eachRef,
    refs: () => [...eachRef()],
    generation: () => generation,
    forgetIdle: () => table.closeWhere(eventOfIdle),
    forgettingIdle: () => table.closingWhere(eventOfIdle),
    async close() {
      const open = table.all().flat();
      table.clear();
      index.clear();
      const slices = createTimeSlices({ sliceFor: 'caller' });
      for (const { workload } of open) {
        if (slices.isOver()) await slices.nextTurn();
        workload.release();
      }
    },
  };
}
