import type { HistoryTail } from '../../history/tail.ts';
import { digestOfEvents } from '../calendar/event-feed.ts';
import {
  type CalendarEvent,
  createForecaster,
  type Forecaster,
  type ForecasterOptions,
  restoreState,
} from '../core/index.ts';
import type { KeptFollower } from '../following.ts';
import type { TakeTurn } from '../models/first-reads.ts';
import { type Rows, replay } from '../replays/replay.ts';
import { judge, learnedStates, type ReplayThreads, restoreStates } from '../replays/replay-job.ts';
import { type JudgedSpan, type Judging, judgedSpanOf } from './far-past.ts';
import { knownRowsAmong, type LastRows, newestRows, noRows, type Snapshot } from './snapshot.ts';
import { standInOf } from './stand-in.ts';

/** What a history is learned with. */
export interface Learners {
  forecasterOptions(events: readonly CalendarEvent[]): ForecasterOptions;
  /** The events of now. */
  eventsNow(): readonly CalendarEvent[];
  /** Reads the history from its beginning, or from where it was read up to; rows may be known up to a later time. */
  createTail(readUntilSeconds?: number, knownUntilSeconds?: number): HistoryTail;
  /** Where many rows are learned; undefined = here, as few are. */
  readonly threads?: ReplayThreads | undefined;
}

/** The followers that are wanted, by key: how they are made, and whether they will be wanted still when more is known. */
export type FollowerKinds = ReadonlyMap<
  string,
  { readonly create: () => KeptFollower; isSettled(): boolean }
>;

/** A history as far as it has been learned, by a forecaster and by its followers. */
export interface Learned {
  readonly forecaster: Forecaster;
  /** What the forecaster was made with. */
  readonly options: ForecasterOptions;
  readonly threads: ReplayThreads | undefined;
  /** The events that it knows. */
  readonly events: readonly CalendarEvent[];
  readonly tail: HistoryTail;
  /** Newest grid time up to which rows were learned. */
  readUntilSeconds: number;
  /** Settles when rows that were read have been learned; undefined where there are none. Never rejects. */
  learning: Promise<void> | undefined;
  /** By key. */
  readonly followers: Map<string, KeptFollower>;
  /** By the keys of followers that are not there yet: what serves meanwhile. They are not kept. Undefined where there never were any. */
  readonly standIns: Map<string, KeptFollower> | undefined;
  /** Number of rows read so far. */
  rows: number;
  lastRows: LastRows;
  /** Warnings of the source in its newest answer. */
  warnings: readonly string[];
  /** Whether all the history there was has been learned once. */
  isCaughtUp: boolean;
  /** What of the history is judged; the end of it is a span from the first rows on. */
  judging: Judging;
  /** What it goes on from, until the rows that both know were compared. */
  goesOnFrom: Snapshot | undefined;
}

/** Fewer rows are learned here: it takes some milliseconds, as long as taking states to a thread and back. */
const fewestRowsOfThread = 500;

/** Rows that were learned are not what the source says now. */
export class HistoryChanged extends Error {
  override readonly name = 'HistoryChanged';
}

const noWarnings: readonly string[] = [];

/** Nothing learned, with a new follower of each kind. */
export function begin(learners: Learners, kinds: FollowerKinds, judging: Judging): Learned {
  const followers = new Map<string, KeptFollower>();
  for (const [key, { create }] of kinds) followers.set(key, create());
  const events = learners.eventsNow();
  const options = learners.forecasterOptions(events);
  const tail = learners.createTail();
  return {
    forecaster: createForecaster(options),
    options,
    threads: learners.threads,
    events,
    tail,
    readUntilSeconds: tail.readUntilSeconds,
    learning: undefined,
    followers,
    standIns: undefined,
    rows: 0,
    lastRows: noRows,
    warnings: noWarnings,
    isCaughtUp: false,
    judging,
    goesOnFrom: undefined,
  };
}

/** What a snapshot says was learned, with the followers that it knows. Throws a RangeError where a state is of something else. */
export function goOnFrom(learners: Learners, kinds: FollowerKinds, snapshot: Snapshot): Learned {
  // Where they are others now, it goes on with those it knows until all was learned with the others.
  const now = learners.eventsNow();
  const { events: known = [] } = snapshot;
  const events = digestOfEvents(known) === digestOfEvents(now) ? now : known;
  const options = learners.forecasterOptions(events);
  const forecaster = createForecaster(options);
  restoreState(forecaster, snapshot.forecaster);
  const newest = snapshot.lastRows.timestamps.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (forecaster.newestSeconds !== newest) throw new RangeError('its forecaster has learned other rows');
  const followers = new Map<string, KeptFollower>();
  const standIns = new Map<string, KeptFollower>();
  for (const [key, { create }] of kinds) {
    const state = snapshot.followers.get(key);
    if (state === undefined) {
      const standIn = standInOf(key, create, snapshot.followers);
      if (standIn !== undefined) standIns.set(key, standIn);
      continue;
    }
    const follower = create();
    restoreState(follower, state);
    followers.set(key, follower);
  }
  const [oldest] = snapshot.lastRows.timestamps;
  // The last rows are read again, to be compared.
  const from = oldest === undefined ? snapshot.readUntilSeconds : oldest - forecaster.stepSeconds;
  const { rows, lastRows, readUntilSeconds } = snapshot;
  const judging: Judging = snapshot.judged ?? 'all';
  const made = { forecaster, options, threads: learners.threads, events };
  const fresh = {
    warnings: noWarnings,
    isCaughtUp: false,
    judging,
    goesOnFrom: snapshot,
    learning: undefined,
  };
  const tail = learners.createTail(from, readUntilSeconds);
  return { ...made, tail, readUntilSeconds, followers, standIns, rows, lastRows, ...fresh };
}

/** Lets followers that came too late for the past follow from now on: each begins with what the one that is nearest to it knows. */
export function joinLate(learned: Learned, kinds: FollowerKinds, keys: readonly string[]): void {
  const { followers, standIns } = learned;
  const { followers: states } = learnedStates(learned);
  for (const key of keys) {
    const create = kinds.get(key)?.create;
    const late = standIns?.get(key) ?? (create && (standInOf(key, create, states) ?? create()));
    if (late !== undefined) followers.set(key, late);
    standIns?.delete(key);
  }
}

/** All that was learned; nothing may be learning meanwhile. */
export function snapshotOf(learned: Learned): Snapshot {
  const { readUntilSeconds, rows, lastRows, judging, events } = learned;
  return {
    readUntilSeconds,
    rows,
    lastRows,
    judged: typeof judging === 'object' ? judging : undefined,
    events,
    ...learnedStates(learned),
  };
}

/** Reads and learns all the history there is. Each part waits for its turn until that was done once. */
export async function readAll(
  learned: Learned,
  takeTurn: TakeTurn,
  atSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const learn = () => learnPart(learned, atSeconds, signal);
  const warnings = new Set<string>();
  let isComplete = false;
  while (!isComplete) {
    const part = learned.isCaughtUp ? await learn() : await takeTurn(learn, signal);
    for (const warning of part.warnings) warnings.add(warning);
    isComplete = part.isComplete;
  }
  learned.warnings = warnings.size === 0 ? noWarnings : [...warnings];
  learned.isCaughtUp = true;
}

/** Reads and learns the next part. The rows are let go of before the answer, because it may wait for another turn. */
async function learnPart(learned: Learned, atSeconds: number, signal: AbortSignal) {
  const { tail } = learned;
  const read = await tail.read(atSeconds, signal);
  const known = learned.goesOnFrom === undefined ? 0 : knownRowsAmong(read, learned.goesOnFrom);
  if (known === undefined) throw new HistoryChanged('the source has other rows now than it had');
  learned.goesOnFrom = undefined;
  const fresh = {
    timestamps: read.timestamps.subarray(known),
    values: read.values.subarray(known),
    ...(read.isCensored === undefined ? {} : { isCensored: read.isCensored.subarray(known) }),
  };
  learned.readUntilSeconds = tail.readUntilSeconds;
  learned.rows += fresh.timestamps.length;
  learned.lastRows = newestRows(learned.lastRows, fresh);
  const replayed = learnRows(learned, fresh, judgedOf(learned, read), signal);
  const over = () => {
    learned.learning = undefined;
  };
  learned.learning = replayed.then(over, over);
  await replayed;
  return { warnings: read.warnings, isComplete: read.isComplete };
}

/** Learns rows: many of them in a thread where there is one, which takes what was learned there and back. */
async function learnRows(
  { forecaster, followers: kept, standIns, options, threads }: Learned,
  rows: Rows,
  judged: JudgedSpan | undefined,
  signal: AbortSignal,
): Promise<void> {
  const learning = { forecaster, followers: standIns === undefined ? kept : new Map([...standIns, ...kept]) };
  if (threads !== undefined && rows.timestamps.length >= fewestRowsOfThread) {
    const states = await threads.learn({ options, before: learnedStates(learning), rows, judged }, signal);
    if (states !== undefined) {
      restoreStates(learning, states);
      judge(learning, judged);
      return;
    }
  }
  judge(learning, judged);
  const followers = learning.followers.values();
  await replay(forecaster, rows, { signal, followers, followedFromSeconds: judged?.followedSeconds });
}

/** The end of a history is found once. One that takes several reads is judged whole, because the first does not tell where it is. */
function judgedOf(
  learned: Learned,
  { timestamps, isComplete }: { readonly timestamps: Float64Array; readonly isComplete: boolean },
): JudgedSpan | undefined {
  if (learned.judging === 'its end' && timestamps.length > 0)
    learned.judging = (isComplete ? judgedSpanOf(learned.forecaster, timestamps) : undefined) ?? 'all';
  return typeof learned.judging === 'object' ? learned.judging : undefined;
}
