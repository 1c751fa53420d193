import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import type { Scratch } from '../memory/scratch.ts';
import { createStateReader, createStateWriter } from '../memory/state-copier.ts';
import { createEngine, type Engine } from './engine.ts';

/** Engines of one kind that are made at most. A server with fewer series than this keeps an engine for each. */
const mostEngines = 64;
/** Kinds that nobody uses any more are looked for whenever so many more are known. */
const sweepEvery = 64;

/** An engine and who has it now. */
interface Place {
  readonly engine: Engine;
  series: PooledSeries | undefined;
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
  readonly #make: () => Engine;
  readonly #writer = createStateWriter();
  readonly #reader = createStateReader();
  /** Answers about the nearest steps for series without an engine; the newest of them is `#near`. */
  #nearEngine: Engine | undefined;
  #near: object | undefined;
  readonly #places: Place[] = [];
  #hand = 0;
  /** State of an engine that has learned nothing. */
  readonly #blank: Uint8Array;

  constructor(make: () => Engine) {
    const first = make();
    this.#make = make;
    this.#places.push({ engine: first, series: undefined, wasUsed: false });
    this.#blank = this.#writer.written(first);
  }

  /** Gives a series an engine, in the state that the series was in. */
  seat(series: PooledSeries): Engine {
    const place = this.#freePlace();
    place.series = series;
    series.sitDown(place, this.#reader, this.#blank);
    return place.engine;
  }

  /** Gives a series without an engine one in any state, to be overwritten as a whole. */
  seatUnread(series: PooledSeries): Engine {
    const place = this.#freePlace();
    place.series = series;
    series.sitDownUnread(place);
    return place.engine;
  }

  /** An engine that knows as much of a series as peaks within the nearest steps need. It must not learn. */
  nearEngineOf({ state, nearest, newestSeconds }: RestingSeries): Engine {
    this.#nearEngine ??= this.#make();
    if (this.#near !== nearest) {
      this.#reader.restoreBeginning(this.#nearEngine.copyNearState, state);
      this.#nearEngine.restoreNearest(nearest);
      this.#near = nearest;
    }
    this.#nearEngine.setNewest(newestSeconds);
    return this.#nearEngine;
  }

  /** The place of the series that was not used for longest, or nearly so (second chance; Corbató 1968). */
  #freePlace(): Place {
    const free = this.#places.find(({ series }) => series === undefined);
    if (free !== undefined) return free;
    if (this.#places.length < mostEngines) {
      const place = { engine: this.#make(), series: undefined, wasUsed: false };
      this.#places.push(place);
      return place;
    }
    for (;;) {
      const place = this.#places[this.#hand]!;
      this.#hand = (this.#hand + 1) % this.#places.length;
      if (!place.wasUsed) {
        place.series?.standUp(this.#writer);
        place.series = undefined;
        return place;
      }
      place.wasUsed = false;
    }
  }
}

type Row = Parameters<Engine['observe']>;

/** What is kept of a series that has no engine: what it learned, and its forecasts of the nearest steps, both as of the same row. */
interface RestingSeries {
  readonly newestSeconds: number;
  readonly state: Uint8Array;
  readonly nearest: Float64Array;
}

/** The turn of one series in the engines of a pool. */
export class PooledSeries {
  readonly #pool: EnginePool;
  #place: Place | undefined;
  /** What was learned, as of when the engine was given to another series; undefined = nothing, or it never was. */
  #state: Uint8Array | undefined;
  /** Forecasts of the nearest steps then, so that the next decision makes none anew. */
  #nearest: Float64Array | undefined;
  /** Rows that came since and complete no step of the grid: they change nothing yet. */
  #waiting: Row[] = [];
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

  get #newest(): number {
    return this.#waiting.at(-1)?.[0] ?? this.#newestSeconds;
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
    const state = this.#state;
    const nearest = this.#nearest;
    const newestSeconds = this.#newest;
    if (this.#place !== undefined || state === undefined || nearest === undefined) return this.now();
    return steps <= nearest.length ? this.#pool.nearEngineOf({ state, nearest, newestSeconds }) : this.now();
  }

  /** Whether a row, newer than the newest, can wait until the series has an engine again; it is learned then. */
  letWait(...row: Row): boolean {
    const [unixSeconds] = row;
    if (this.#place !== undefined || this.#state === undefined) return false;
    if (!(unixSeconds > this.#newest && unixSeconds < this.#nextGridSeconds)) return false;
    this.#waiting.push(row);
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
    this.#state = undefined;
    this.#nearest = undefined;
    this.#waiting = [];
    this.#hasEngine = false;
  }

  sitDown(place: Place, reader: ReturnType<typeof createStateReader>, blank: Uint8Array): void {
    this.#place = place;
    place.wasUsed = true;
    reader.restoreBeginning(place.engine.copyState, this.#state ?? blank);
    place.engine.restoreNearest(this.#nearest);
    place.engine.judgeFrom(this.#judgedFromSeconds);
    this.#isChanged = this.#waiting.length > 0;
    for (const row of this.#waiting) place.engine.observe(...row);
    this.#waiting = [];
  }

  sitDownUnread(place: Place): void {
    this.#place = place;
    place.wasUsed = true;
    place.engine.restoreNearest(undefined);
    place.engine.judgeFrom(this.#judgedFromSeconds);
    this.#isChanged = true;
    this.#waiting = [];
  }

  standUp(writer: ReturnType<typeof createStateWriter>): void {
    const engine = this.#place?.engine;
    this.#place = undefined;
    if (engine === undefined) return;
    this.#nearest = engine.savedNearest();
    this.#newestSeconds = engine.newestSeconds;
    this.#nextGridSeconds = engine.originSeconds + engine.lengths.gridSeconds;
    if (this.#isChanged) this.#state = writer.kept(engine, this.#state);
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
  const pool = new EnginePool(() => createEngine(lengths, axis, scratch));
  pools.set(key, new WeakRef(pool));
  if (pools.size % sweepEvery === 0)
    for (const [other, kept] of pools) if (kept.deref() === undefined) pools.delete(other);
  return new PooledSeries(pool);
}
