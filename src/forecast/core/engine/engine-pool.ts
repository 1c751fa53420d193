import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import { LentArrays } from '../memory/lent-arrays.ts';
import type { Scratch } from '../memory/scratch.ts';
import { createStateReader, createStateWriter } from '../memory/state-copier.ts';
import { createEngine, type Engine } from './engine.ts';

/** Engines of one kind that are made at most. A server with fewer series than this keeps an engine for each. */
const mostEngines = 64;
/** Engines in which more series than these take turns: so few that the caches of a processor hold them (docs/adr/0031). */
const enginesOfTurns = 2;
/** Kinds that nobody uses any more are looked for whenever so many more are known. */
const sweepEvery = 64;

/** An engine and who has it now. */
interface Place {
  readonly engine: Engine;
  readonly lent: LentArrays;
  /** Held weakly: nobody tells when a forecaster is given up, and its engine is free for the next one then. */
  series: WeakRef<PooledSeries> | undefined;
  /** Whether the series was asked or learned since the search for a place came by. */
  wasUsed: boolean;
}

/** What an engine is made of; equal ones share a pool. */
interface EngineKind {
  readonly lengths: Lengths;
  readonly timeZone: string | undefined;
  readonly axis: LocalAxis | undefined;
}

/**
 * Engines that series take turns in. What an engine has learned is two thirds of its memory, and the rest, objects and functions, is
 * the same for every series: of ten thousand series most are bytes, as in a snapshot, and only those in use have an engine.
 * A series that is given an engine goes on to the bit where it was, whoever had the engine before (test/pure/forecast/core/turns.test.ts).
 */
class EnginePool {
  readonly lengths: Lengths;
  readonly #make: () => Engine;
  readonly #writer = createStateWriter('turn');
  readonly #reader = createStateReader('turn');
  /** Answers about the nearest steps for series without an engine; the newest of them is `#near`. */
  #nearPlace: Place | undefined;
  #near: object | undefined;
  readonly #places: Place[] = [];
  #mostPlaces = mostEngines;
  #hand = 0;
  /** State of an engine that has learned nothing. */
  readonly #blank: State;

  constructor(lengths: Lengths, make: () => Engine) {
    this.lengths = lengths;
    this.#make = make;
    const first = this.#createPlace();
    this.#places.push(first);
    this.#blank = { copied: this.#writer.written(first.engine), lent: first.lent.blank() };
  }

  /** Gives a series an engine, in the state that the series was in. */
  seat(series: PooledSeries): Engine {
    const place = this.#freePlace();
    place.series = new WeakRef(series);
    series.sitDown(place, this.#reader, this.#blank);
    return place.engine;
  }

  /** Gives a series without an engine one in any state, to be overwritten as a whole. */
  seatUnread(series: PooledSeries): Engine {
    const place = this.#freePlace();
    place.series = new WeakRef(series);
    series.sitDownUnread(place, this.#blank.lent);
    return place.engine;
  }

  /** An engine that knows as much of a series as peaks within the nearest steps need. It must not learn. */
  nearEngineOf({ state, nearest, newestSeconds }: RestingSeries): Engine {
    this.#nearPlace ??= this.#createPlace();
    const { engine, lent } = this.#nearPlace;
    if (this.#near !== nearest) {
      lent.workIn(state.lent, engine.nearLent);
      this.#reader.restoreBeginning(engine.copyNearState, state.copied);
      engine.restoreNearest(nearest);
      this.#near = nearest;
    }
    engine.setNewest(newestSeconds);
    return engine;
  }

  /** The place of the series that was not used for longest, or nearly so (second chance; Corbató 1968). */
  #freePlace(): Place {
    const free = this.#places.find(({ series }) => series?.deref() === undefined);
    if (free !== undefined) return free;
    if (this.#places.length < this.#mostPlaces) {
      const place = this.#createPlace();
      this.#places.push(place);
      return place;
    }
    if (this.#mostPlaces === mostEngines) return this.#beginTurns();
    for (;;) {
      const place = this.#places[this.#hand]!;
      this.#hand = (this.#hand + 1) % this.#places.length;
      if (!place.wasUsed) {
        place.series?.deref()?.standUp(this.#writer);
        place.series = undefined;
        return place;
      }
      place.wasUsed = false;
    }
  }

  /** Gives up most engines, because there are more series than that, and returns one that is free. */
  #beginTurns(): Place {
    this.#mostPlaces = enginesOfTurns;
    for (const place of this.#places) {
      place.series?.deref()?.standUp(this.#writer);
      place.series = undefined;
    }
    this.#places.length = enginesOfTurns;
    return this.#places[0]!;
  }

  #createPlace(): Place {
    const engine = this.#make();
    return { engine, lent: new LentArrays(engine.lent), series: undefined, wasUsed: false };
  }
}

type Row = Parameters<Engine['observe']>;
/** Numbers that stand for a row that waits: its time, its value, and 1 where it is censored. */
const rowNumbers = 3;

/** What a series has learned: the arrays that it lends to an engine, and what a turn copies. */
interface State {
  readonly lent: ArrayBuffer;
  readonly copied: Uint8Array;
}

/** What is kept of a series that has no engine: what it learned, and its forecasts of the nearest steps, both as of the same row. */
interface RestingSeries {
  readonly newestSeconds: number;
  readonly state: State;
  readonly nearest: Float64Array;
}

/** The turn of one series in the engines of a pool. */
export class PooledSeries {
  readonly #pool: EnginePool;
  #place: Place | undefined;
  /** What was learned, as of when the engine was given to another series; undefined = nothing, or it never was. */
  #copied: Uint8Array | undefined;
  /** The arrays in which an engine works for this series, and which wait with it. */
  #lent: ArrayBuffer | undefined;
  /** Forecasts of the nearest steps then, so that the next decision makes none anew. */
  #nearest: Float64Array | undefined;
  /** Rows that came since and complete no step of the grid, which change nothing yet, as numbers; undefined where there are none. */
  #waiting: number[] | undefined;
  #newestSeconds = Number.NaN;
  #nextGridSeconds = Number.NaN;
  #judgedFromSeconds = Number.NEGATIVE_INFINITY;
  #isChanged = false;
  #hasEngine = false;

  constructor(pool: EnginePool) {
    this.#pool = pool;
  }

  /** Whether anything was learned, or asked. */
  get isThere(): boolean {
    return this.#hasEngine;
  }

  /** Every length that its engines are made of, which all series of the pool share. */
  get lengths(): Lengths {
    return this.#pool.lengths;
  }

  get #newest(): number {
    return this.#waiting?.at(-rowNumbers) ?? this.#newestSeconds;
  }

  /** The engine of this series. It may be another object at the next call, and then this one is another series'. */
  now(): Engine {
    const place = this.#place;
    if (place !== undefined) {
      place.wasUsed = true;
      return place.engine;
    }
    this.#hasEngine = true;
    return this.#pool.seat(this);
  }

  /** An engine that knows the next `steps` of this series, and need not know more. */
  near(steps: number): Engine {
    const copied = this.#copied;
    const lent = this.#lent;
    const nearest = this.#nearest;
    if (this.#place !== undefined || copied === undefined || lent === undefined) return this.now();
    if (nearest === undefined || steps > nearest.length) return this.now();
    return this.#pool.nearEngineOf({ state: { copied, lent }, nearest, newestSeconds: this.#newest });
  }

  /** Whether a row, newer than the newest, can wait until the series has an engine again; it is learned then. */
  letWait(...[unixSeconds, value, isCensored = false]: Row): boolean {
    if (this.#place !== undefined || this.#copied === undefined) return false;
    if (!(unixSeconds > this.#newest && unixSeconds < this.#nextGridSeconds)) return false;
    this.#waiting ??= [];
    this.#waiting.push(unixSeconds, value, isCensored ? 1 : 0);
    return true;
  }

  /** The engine, to be changed. */
  toChange(): Engine {
    const engine = this.now();
    this.#isChanged = true;
    return engine;
  }

  /** The engine, to be overwritten with a state that was saved: what the series has learned is not put into it before. */
  toRestore(): Engine {
    if (this.#place !== undefined) return this.toChange();
    this.#hasEngine = true;
    return this.#pool.seatUnread(this);
  }

  /** Makes rows before this moment the far past. It is no part of what was learned. */
  judgeFrom(unixSeconds: number): void {
    this.#judgedFromSeconds = unixSeconds;
    this.#place?.engine.judgeFrom(unixSeconds);
  }

  /** Forgets all that was learned. */
  forget(): void {
    if (this.#place !== undefined) this.#place.series = undefined;
    this.#place = undefined;
    this.#copied = undefined;
    this.#lent = undefined;
    this.#nearest = undefined;
    this.#waiting = undefined;
    this.#hasEngine = false;
  }

  sitDown(place: Place, reader: ReturnType<typeof createStateReader>, blank: State): void {
    this.#place = place;
    place.wasUsed = true;
    this.#lend(place, blank.lent);
    reader.restoreBeginning(place.engine.copyState, this.#copied ?? blank.copied);
    place.engine.restoreNearest(this.#nearest);
    place.engine.judgeFrom(this.#judgedFromSeconds);
    const waiting = this.#waiting ?? [];
    this.#isChanged = waiting.length > 0;
    for (let at = 0; at < waiting.length; at += rowNumbers)
      place.engine.observe(waiting[at]!, waiting[at + 1]!, waiting[at + 2] === 1);
    this.#waiting = undefined;
  }

  sitDownUnread(place: Place, blank: ArrayBuffer): void {
    this.#place = place;
    place.wasUsed = true;
    this.#lend(place, blank);
    place.engine.restoreNearest(undefined);
    place.engine.judgeFrom(this.#judgedFromSeconds);
    this.#isChanged = true;
    this.#waiting = undefined;
  }

  #lend({ lent }: Place, blank: ArrayBuffer): void {
    this.#lent ??= blank.slice(0);
    lent.workIn(this.#lent);
  }

  standUp(writer: ReturnType<typeof createStateWriter>): void {
    const engine = this.#place?.engine;
    this.#place = undefined;
    if (engine === undefined) return;
    this.#nearest = engine.savedNearest();
    this.#newestSeconds = engine.newestSeconds;
    this.#nextGridSeconds = engine.originSeconds + engine.lengths.gridSeconds;
    if (this.#isChanged) this.#copied = writer.kept(engine, this.#copied);
  }
}

/** Pools by what their engines are made of; one lives as long as a series of it does. */
const noPools = () => new Map<string, WeakRef<EnginePool>>();

/** A series of its own in the engines of this kind, which all forecasters of the scratch share. */
export function pooledSeries({ lengths, timeZone, axis }: EngineKind, scratch: Scratch): PooledSeries {
  const pools = scratch.of(noPools);
  const key = JSON.stringify([lengths, timeZone]);
  const known = pools.get(key)?.deref();
  if (known !== undefined) return new PooledSeries(known);
  const pool = new EnginePool(lengths, () => createEngine(lengths, axis, scratch));
  pools.set(key, new WeakRef(pool));
  if (pools.size % sweepEvery === 0)
    for (const [other, kept] of pools) if (kept.deref() === undefined) pools.delete(other);
  return new PooledSeries(pool);
}
