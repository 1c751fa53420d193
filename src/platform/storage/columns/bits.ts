/** Longest group of bits that is written at once; larger numbers go in two groups. */
const mostBits = 26;
const firstBytes = 512;

/** A growing row of bits. */
export interface BitWriter {
  /** Writes a whole number from 0 in `count` bits, the highest first; `count` is at most 53. */
  bits(value: number, count: number): void;
  /** What was written, filled up with zeros to whole bytes. */
  bytes(): Uint8Array;
}

/** A row of bits that is read from its begin. Behind its end there are zeros. */
export interface BitReader {
  bits(count: number): number;
}

export function createBitWriter(): BitWriter {
  let bytes = new Uint8Array(firstBytes);
  let length = 0;
  let pending = 0;
  let pendingBits = 0;

  function push(byte: number): void {
    if (length === bytes.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(bytes);
      bytes = grown;
    }
    bytes[length++] = byte;
  }

  return {
    bits(value, count) {
      if (count > mostBits) {
        const low = 2 ** mostBits;
        this.bits(Math.floor(value / low), count - mostBits);
        this.bits(value % low, mostBits);
        return;
      }
      // At most 7 bits wait, so that both together stay below 2³³, which is more than shifts can do.
      pending = pending * 2 ** count + value;
      pendingBits += count;
      while (pendingBits >= 8) {
        pendingBits -= 8;
        const rest = 2 ** pendingBits;
        push(Math.floor(pending / rest));
        pending %= rest;
      }
    },
    bytes() {
      const whole = new Uint8Array(length + (pendingBits > 0 ? 1 : 0));
      whole.set(bytes.subarray(0, length));
      if (pendingBits > 0) whole[length] = pending << (8 - pendingBits);
      return whole;
    },
  };
}

export function createBitReader(bytes: Uint8Array): BitReader {
  let position = 0;
  let pending = 0;
  let pendingBits = 0;
  return {
    bits(count) {
      if (count > mostBits) {
        const high = this.bits(count - mostBits);
        return high * 2 ** mostBits + this.bits(mostBits);
      }
      while (pendingBits < count) {
        pending = pending * 256 + (bytes[position++] ?? 0);
        pendingBits += 8;
      }
      pendingBits -= count;
      const rest = 2 ** pendingBits;
      const value = Math.floor(pending / rest);
      pending %= rest;
      return value;
    },
  };
}
