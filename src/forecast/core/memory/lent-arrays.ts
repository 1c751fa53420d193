/** An array of a part that looks it up here at each call, so that another one of the same length can take its place. */
export interface LentArray {
  values: Float32Array | Uint16Array | Uint8Array;
}

/** Every array begins at a whole multiple of so many bytes. */
const alignedBytes = 8;

/** Arrays that an engine works in, one after the other in a piece of memory of the series that it works for. */
export class LentArrays {
  readonly #arrays: readonly LentArray[];
  readonly #offsets: readonly number[];
  readonly #bytes: number;

  constructor(arrays: readonly LentArray[]) {
    this.#arrays = arrays;
    let end = 0;
    this.#offsets = arrays.map(({ values }) => {
      const start = end;
      end += alignedBytes * Math.ceil(values.byteLength / alignedBytes);
      return start;
    });
    this.#bytes = end;
  }

  /** The memory of a series that has learned nothing: a copy of the arrays of an engine in which none has worked yet. */
  blank(): ArrayBuffer {
    const memory = new ArrayBuffer(this.#bytes);
    const bytes = new Uint8Array(memory);
    for (const [i, { values }] of this.#arrays.entries())
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.#offsets[i]);
    return memory;
  }

  /** Lets the engine work in a copy of `blank`, the memory of a series: in all of it, or in the first `count` arrays. */
  workIn(memory: ArrayBuffer, count = this.#arrays.length): void {
    for (let i = 0; i < count; i++) {
      const lent = this.#arrays[i]!;
      const { values } = lent;
      const at = this.#offsets[i]!;
      if (values instanceof Float32Array) lent.values = new Float32Array(memory, at, values.length);
      else if (values instanceof Uint16Array) lent.values = new Uint16Array(memory, at, values.length);
      else lent.values = new Uint8Array(memory, at, values.length);
    }
  }
}
