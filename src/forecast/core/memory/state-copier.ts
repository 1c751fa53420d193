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
  /** A list of any length; changed in place. */
  list(values: number[]): void;
}

/** A part whose state can be saved, and given to another one that was made with the same options and has learned nothing. */
export interface Stateful {
  copyState(copier: StateCopier): void;
}

/** What a part has learned, as bytes. */
export function savedState(part: Stateful): Uint8Array {
  const writer = createWriter();
  part.copyState(writer);
  return writer.written();
}

/**
 * Gives a part what another one had learned. Throws a RangeError where the bytes are not those of such a part; the part must not
 * be used then.
 */
export function restoreState(part: Stateful, bytes: Uint8Array): void {
  const reader = createReader(bytes);
  part.copyState(reader);
  if (!reader.isAtEnd()) throw new RangeError('the saved state holds more than the part');
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Numbers are written as the machine holds them: state is read where it was written. */
function createWriter(): StateCopier & { written(): Uint8Array } {
  let bytes = new Uint8Array(4096);
  let end = 0;
  const one = new Float64Array(1);
  const writer = {
    number(value: number) {
      one[0] = value;
      writer.numbers(one);
      return value;
    },
    flag: (value: boolean) => writer.number(value ? 1 : 0) === 1,
    numbers(values: Numbers) {
      const added = bytesOf(values);
      if (end + added.length > bytes.length) {
        const grown = new Uint8Array(2 * (end + added.length));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(added, end);
      end += added.length;
    },
    list(values: number[]) {
      writer.number(values.length);
      writer.numbers(Float64Array.from(values));
    },
    written: () => bytes.slice(0, end),
  };
  return writer;
}

function createReader(bytes: Uint8Array): StateCopier & { isAtEnd(): boolean } {
  let at = 0;
  const one = new Float64Array(1);
  const reader = {
    number() {
      reader.numbers(one);
      return one[0]!;
    },
    flag: () => reader.number() === 1,
    numbers(values: Numbers) {
      const into = bytesOf(values);
      if (at + into.length > bytes.length) throw new RangeError('the saved state holds less than the part');
      into.set(bytes.subarray(at, at + into.length));
      at += into.length;
    },
    list(values: number[]) {
      const count = reader.number();
      if (!(count >= 0 && count <= bytes.length))
        throw new RangeError(`the saved state has a list of ${count}`);
      const saved = new Float64Array(count);
      reader.numbers(saved);
      values.length = 0;
      for (const value of saved) values.push(value);
    },
    isAtEnd: () => at === bytes.length,
  };
  return reader;
}
