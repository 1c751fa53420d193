import type { HistoryTail } from '../../history/tail.ts';
import { digestOfEvents } from '../calendar/event-feed.ts';
import { type CalendarEvent, type Forecaster, restoreState, savedState } from '../core/index.ts';
import type { TakeTurn } from '../first-reads.ts';
import type { KeptFollower } from '../following.ts';
import { replay } from '../replay.ts';
import { type JudgedSpan, type Judging, judgedSpanOf } from './far-past.ts';
import { knownRowsAmong, type LastRows, newestRows, noRows, type Snapshot } from './snapshot.ts';
import { standInOf } from './stand-in.ts';

/** What a history is learned with. */
export interface Learners {
  readonly createForecaster: (events: readonly CalendarEvent[]) => Forecaster;
  /** The events of now. */
  readonly eventsNow: () => readonly CalendarEvent[];
  /** Reads the history from its beginning, or from where it was read up to. */
  readonly createTail: (readUntilSeconds?: number) => HistoryTail;
}

/** How followers are made, by key. */
export type FollowerKinds = ReadonlyMap<string, { readonly create: () => KeptFollower }>;

/** A history as far as it has been learned, by a forecaster and by its followers. */
export interface Learned {
  readonly forecaster: Forecaster;
  /** The events that it knows. */
  readonly events: readonly CalendarEvent[];
  readonly tail: HistoryTail;
  /** Newest grid time up to which rows were learned. */
  readUntilSeconds: number;
  /** Settles when rows that were read have been learned; undefined where there are none. Never rejects. */
  learning: Promise<void> | undefined;
  /** By key. */
  readonly followers: Map<string, KeptFollower>;
  /** By the keys of followers that are not there yet: what serves meanwhile. They are not kept. */
  readonly standIns: Map<string, KeptFollower>;
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

/** Rows that were learned are not what the source says now. */
export class HistoryChanged extends Error {
  override readonly name = 'HistoryChanged';
}

/** Nothing learned, with a new follower of each kind. */
export function begin(
  { createForecaster, createTail, eventsNow }: Learners,
  kinds: FollowerKinds,
  judging: Judging,
): Learned {
  const followers = new Map<string, KeptFollower>();
  for (const [key, { create }] of kinds) followers.set(key, create());
  const events = eventsNow();
  const tail = createTail();
  return {
    forecaster: createForecaster(events),
    events,
    tail,
    readUntilSeconds: tail.readUntilSeconds,
    learning: undefined,
    followers,
    standIns: new Map(),
    rows: 0,
    lastRows: noRows,
    warnings: [],
    isCaughtUp: false,
    judging,
    goesOnFrom: undefined,
  };
}

/** What a snapshot says was learned, with the followers that it knows. Throws a RangeError where a state is of something else. */
export function goOnFrom(
  { createForecaster, createTail, eventsNow }: Learners,
  kinds: FollowerKinds,
  snapshot: Snapshot,
): Learned {
  // Where they are others now, it goes on with those it knows until all was learned with the others.
  const now = eventsNow();
  const { events: known = [] } = snapshot;
  const events = digestOfEvents(known) === digestOfEvents(now) ? now : known;
  const forecaster = createForecaster(events);
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
  const fresh = { warnings: [], isCaughtUp: false, judging, goesOnFrom: snapshot, learning: undefined };
  const tail = createTail(from);
  return { forecaster, events, tail, readUntilSeconds, followers, standIns, rows, lastRows, ...fresh };
}

/** All that was learned; nothing may be learning meanwhile. */
export function snapshotOf(learned: Learned): Snapshot {
  const { readUntilSeconds, rows, lastRows, judging, forecaster, events, followers } = learned;
  return {
    readUntilSeconds,
    rows,
    lastRows,
    judged: typeof judging === 'object' ? judging : undefined,
    events,
    forecaster: savedState(forecaster),
    followers: new Map([...followers].map(([key, follower]) => [key, savedState(follower)])),
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
  learned.warnings = [...warnings];
  learned.isCaughtUp = true;
}

/** Reads and learns the next part. The rows are let go of before the answer, because it may wait for another turn. */
async function learnPart(learned: Learned, atSeconds: number, signal: AbortSignal) {
  const { tail, forecaster, followers, standIns } = learned;
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
  const all = [...followers.values(), ...standIns.values()];
  const judged = judgedOf(learned, read);
  forecaster.judgeFrom(judged?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  for (const follower of all) follower.countFrom(judged?.calibratedSeconds ?? Number.NEGATIVE_INFINITY);
  const followedFromSeconds = judged?.followedSeconds;
  const replayed = replay(forecaster, fresh, { signal, followers: all, followedFromSeconds });
  const over = () => {
    learned.learning = undefined;
  };
  learned.learning = replayed.then(over, over);
  await replayed;
  return { warnings: read.warnings, isComplete: read.isComplete };
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
