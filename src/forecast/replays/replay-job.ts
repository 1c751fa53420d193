import {
  createForecaster,
  type Forecaster,
  type ForecasterOptions,
  restoreState,
  savedState,
} from '../core/index.ts';
import type { KeptFollower } from '../following.ts';
import type { JudgedSpan } from '../snapshots/far-past.ts';
import { type Rows, replay } from './replay.ts';

/** What a forecaster and the followers beside it have learned, as {@link savedState} gives it; those of followers by their keys. */
export interface LearnedStates {
  readonly forecaster: Uint8Array;
  readonly followers: ReadonlyMap<string, Uint8Array>;
}

/** A replay that can be done elsewhere: it needs nothing but what is in it, and all of it can be cloned. */
export interface ReplayJob {
  readonly options: ForecasterOptions;
  /** What was learned before the rows. */
  readonly before: LearnedStates;
  readonly rows: Rows;
  /** What of the rows is judged; undefined = all of them. */
  readonly judged: JudgedSpan | undefined;
}

/** Does replays in other threads, which leaves the event loop to those who ask. */
export interface ReplayThreads {
  /**
   * What is learned when all rows were: to the bit what this thread would have learned. Undefined where no thread can tell it now.
   * Rejects with the signal's reason when that aborts.
   */
  learn(job: ReplayJob, signal: AbortSignal): Promise<LearnedStates | undefined>;
}

/** Who learns from rows. */
export interface RowLearners {
  readonly forecaster: Forecaster;
  readonly followers: ReadonlyMap<string, KeptFollower>;
}

export function learnedStates({ forecaster, followers }: RowLearners): LearnedStates {
  return {
    forecaster: savedState(forecaster),
    followers: new Map([...followers].map(([key, follower]) => [key, savedState(follower)])),
  };
}

/** Throws a RangeError where a state is of something else. */
export function restoreStates({ forecaster, followers }: RowLearners, states: LearnedStates): void {
  restoreState(forecaster, states.forecaster);
  for (const [key, follower] of followers) {
    const state = states.followers.get(key);
    if (state === undefined) throw new RangeError('the saved states have none of this follower');
    restoreState(follower, state);
  }
}

/** Says from when on rows are judged, which is no part of a state. */
export function judge({ forecaster, followers }: RowLearners, judged: JudgedSpan | undefined): void {
  forecaster.judgeFrom(judged?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  for (const follower of followers.values())
    follower.countFrom(judged?.calibratedSeconds ?? Number.NEGATIVE_INFINITY);
}

/** Does the jobs of a thread that has nothing else to do, one after the other. `createFollower` makes a follower of its key. */
export function createJobWorker(
  createFollower: (key: string) => KeptFollower,
): (job: ReplayJob) => Promise<LearnedStates> {
  /** The newest one keeps the engines of its kind, which the next one goes on with. */
  let newest: Forecaster | undefined;
  return async ({ options, before, rows, judged }) => {
    const forecaster = createForecaster(options);
    const unlearned = savedState(forecaster);
    newest = forecaster;
    const followers = new Map([...before.followers.keys()].map((key) => [key, createFollower(key)]));
    const learning = { forecaster: newest, followers };
    restoreStates(learning, before);
    judge(learning, judged);
    const followedFromSeconds = judged?.followedSeconds;
    await replay(forecaster, rows, {
      followers: followers.values(),
      followedFromSeconds,
      sliceMs: Number.POSITIVE_INFINITY,
    });
    const after = learnedStates(learning);
    // Its engine is free for the next one.
    restoreState(forecaster, unlearned);
    return after;
  };
}
