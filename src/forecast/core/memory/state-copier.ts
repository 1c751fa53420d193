import type { LentArray } from './lent-arrays.ts';

/**
 * An array of numbers of a fixed count in one piece of memory. It names no Float16Array: whoever uses the package may have a `lib`
 * without one.
 */
type Numbers = ArrayBufferView;

/**
 * Copies the state of a part to bytes, or from bytes to a part that has learned nothing. A part names what it holds once, for both
 * ways, so that what is read is what was written:
 *
 * ```ts
 * copyState(copier: StateCopier): void {
 *   this.#level = copier.number(this.#level);
 *   copier.numbers(this.#slots);
 * }
 * ```
 */
export interface StateCopier {
  /** A number, to the bit. Gives what the part holds from now on: the same number, or the one that was saved. */
  number(value: number): number;
  flag(value: boolean): boolean;
  /** An array whose length follows from what the part was made with, or from what was copied before it; changed in place. */
  numbers(values: Numbers): void;
  /** An array that a series lends to the engine that works for it, or the beginning of one: a turn leaves it where it is. */
  lent(array: LentArray): void;
  /**
   * The counts from `from` up to `to`, without it: a byte each where they are below 255, as most are, else three. A view of each array
   * would cost more than they do.
   */
  counts(values: Uint16Array, from: number, to: number): void;
  /** A list of any length; changed in place. */
  list(values: number[]): void;
  /** Whether bytes become state; false where state becomes bytes. For a part whose bytes are not its numbers. */
  readonly isReading: boolean;
}

/** A part whose state can be saved, and given to another one that was made with the same options and has learned nothing. */
export interface Stateful {
  copyState(copier: StateCopier): void;
}

/** What a part has learned, as bytes. */
export function savedState(part: Stateful): Uint8Array {
  return createStateWriter().written(part);
}

/**
 * Gives a part what another one had learned. Throws a RangeError where the bytes are not those of such a part; the part must not
 * be used then.
 */
export function restoreState(part: Stateful, bytes: Uint8Array): void {
  createStateReader().restore(part, bytes);
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** States are read where they were written, so that arrays are copied as the machine holds them. */
const isLittleEndian = true;
const numberBytes = 8;
const lengthBytes = 4;
/** Stands before a count of two bytes. */
const largeCount = 255;
const largeCountBytes = 3;
/** States that are kept have whole multiples of so many bytes, because they grow row by row. */
const keptUnit = 256;

/** What is copied: all that was learned, or what a turn has to copy, which is all but what is lent. */
type Copied = 'all' | 'turn';

/** Writes states, one after the other in the same working memory. */
export function createStateWriter(copied: Copied = 'all') {
  let bytes = new Uint8Array(4096);
  let view = new DataView(bytes.buffer);
  let end = 0;

  /** Makes room for so many bytes more, and gives the place of the first. */
  function reserve(count: number): number {
    const at = end;
    end += count;
    if (end > bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(bytes);
      bytes = grown;
      view = new DataView(grown.buffer);
    }
    return at;
  }

  const writer: StateCopier = {
    isReading: false,
    number(value: number) {
      const at = reserve(numberBytes);
      view.setFloat64(at, value, isLittleEndian);
      return value;
    },
    flag(value: boolean) {
      const at = reserve(1);
      view.setUint8(at, value ? 1 : 0);
      return value;
    },
    numbers(values: Numbers) {
      const at = reserve(values.byteLength);
      bytes.set(bytesOf(values), at);
    },
    lent(array: LentArray) {
      if (copied === 'all') writer.numbers(array.values);
    },
    counts(values: Uint16Array, from: number, to: number) {
      let at = reserve(Math.max(0, largeCountBytes * (to - from)));
      // A loop reads names of its own: those around it are looked up anew each time, which takes several times as long.
      const into = bytes;
      for (let i = from; i < to; i++) {
        const count = values[i]!;
        into[at++] = Math.min(count, largeCount);
        if (count < largeCount) continue;
        into[at++] = count & 255;
        into[at++] = count >> 8;
      }
      end = at;
    },
    list(values: number[]) {
      const at = reserve(lengthBytes);
      view.setUint32(at, values.length, isLittleEndian);
      for (let i = 0; i < values.length; i++) writer.number(values[i]!);
    },
  };
  return {
    /** What a part has learned. */
    written(part: Stateful): Uint8Array {
      end = 0;
      part.copyState(writer);
      return bytes.slice(0, end);
    },
    /** The same with some room behind it: in `before`, where it fits. */
    kept(part: Stateful, before?: Uint8Array): Uint8Array {
      end = 0;
      part.copyState(writer);
      const length = keptUnit * Math.ceil(end / keptUnit);
      const kept = before?.length === length ? before : new Uint8Array(length);
      kept.set(bytes.subarray(0, end));
      return kept;
    },
  };
}

/**
 * The same number, a whole one as the machine counts. V8 keeps a number that was read from bytes as a fraction: each place that holds it
 * would from then on be read as one, although it is an index.
 */
function asWhole(number: number): number {
  const whole = number | 0;
  return whole === number && (whole !== 0 || 1 / number > 0) ? whole : number;
}

/** Reads states, one after the other. */
export function createStateReader(copied: Copied = 'all') {
  let bytes: Uint8Array = new Uint8Array();
  let view: DataView = new DataView(bytes.buffer);
  let end = 0;

  /** The place of the next bytes, so many of them. */
  function take(count: number): number {
    const at = end;
    end += count;
    if (end > bytes.length) throw new RangeError('the saved state holds less than the part');
    return at;
  }

  const reader: StateCopier = {
    isReading: true,
    number: () => asWhole(view.getFloat64(take(numberBytes), isLittleEndian)),
    flag: () => view.getUint8(take(1)) === 1,
    numbers(values: Numbers) {
      const into = bytesOf(values);
      const at = take(into.length);
      into.set(bytes.subarray(at, at + into.length));
    },
    lent(array: LentArray) {
      if (copied === 'all') reader.numbers(array.values);
    },
    counts(values: Uint16Array, from: number, to: number) {
      const saved = bytes;
      let at = end;
      for (let i = from; i < to; i++) {
        const count = saved[at++]!;
        values[i] = count < largeCount ? count : saved[at++]! + 256 * saved[at++]!;
      }
      take(at - end);
    },
    list(values: number[]) {
      const count = view.getUint32(take(lengthBytes), isLittleEndian);
      if (count > bytes.length) throw new RangeError(`the saved state has a list of ${count}`);
      while (values.length < count) values.push(0);
      values.length = count;
      for (let i = 0; i < count; i++) values[i] = reader.number(0);
    },
  };

  function begin(saved: Uint8Array): void {
    bytes = saved;
    view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
    end = 0;
  }

  return {
    restore(part: Stateful, saved: Uint8Array): void {
      begin(saved);
      part.copyState(reader);
      if (end !== saved.length) throw new RangeError('the saved state holds more than the part');
    },
    /** Lets `copy` read from the beginning of a state what it needs. */
    restoreBeginning(copy: (copier: StateCopier) => void, saved: Uint8Array): void {
      begin(saved);
      copy(reader);
    },
  };
}
