import type { ObservedHistory } from './observed-history.ts';
import { beforeFirst, codeFrom, zeroBits } from './root-codes.ts';
import type { StateCopier } from './state-copier.ts';
import type { ValueWindow } from './value-window.ts';

/** Values that are copied alike: each by the rest of its bits, where all of them begin with the codes of the history, or whole. */
const blockSteps = 16;
const wholeBytes = 4;
const byCode = 1;
const whole = 0;

/** What a call writes and reads there, and no other. */
let codes = new Uint16Array();
let bytes = new Uint8Array();

/**
 * Copies a window of square roots, of which the history holds most bits: experts see what was observed but for what is missing, a spike
 * or an incident. The newest of both are of the same step, unless clocks were changed, and then more is copied. To be called once the
 * history was copied.
 */
export function copyWindowState(copier: StateCopier, window: ValueWindow, history: ObservedHistory): void {
  const { bits } = window;
  const { count } = history;
  const end = copier.number(window.end);
  if (!(end >= 0 && end <= bits.length))
    throw new RangeError(`the saved state has a window of ${end} values`);
  window.start = copier.number(window.start);
  window.end = end;
  const blocks = Math.ceil(end / blockSteps);
  if (codes.length < count) codes = new Uint16Array(count);
  if (bytes.length < blocks + end * wholeBytes) bytes = new Uint8Array(blocks + bits.length * wholeBytes);
  history.copyCodes(codes);
  const olderSteps = end - count;
  const length = copier.number(copier.isReading ? 0 : encode(bits, end, olderSteps, bytes, codes));
  if (!(length >= 0 && length <= blocks + end * wholeBytes))
    throw new RangeError(`the saved state has a window of ${length} bytes`);
  copier.numbers(bytes.subarray(0, length));
  if (copier.isReading) decode(bits, end, olderSteps, bytes, codes);
}

/** Writes the values [0, end) of the window and gives the number of bytes. The value at `olderSteps` has the first code. */
function encode(
  bits: Int32Array,
  end: number,
  olderSteps: number,
  into: Uint8Array,
  from: Uint16Array,
): number {
  // Loops read names of their own: those of a module are looked up anew each time, which takes twice as long.
  const [high, low, before] = [codeFrom, zeroBits, beforeFirst];
  const mustBeZero = (1 << low) - 1;
  let at = 0;
  for (let first = 0; first < end; first += blockSteps) {
    const last = Math.min(end, first + blockSteps);
    let differs = first < olderSteps ? 1 : 0;
    if (differs === 0) {
      for (let i = first, to = at + 1; i < last; i++, to++) {
        const value = bits[i]!;
        const code = from[i - olderSteps]!;
        differs |= value === 0 ? code : ((value >> high) - before - code) | (value & mustBeZero);
        into[to] = value >> low;
      }
    }
    into[at++] = differs === 0 ? byCode : whole;
    if (differs === 0) at += last - first;
    else
      for (let i = first; i < last; i++, at += wholeBytes) {
        const value = bits[i]!;
        for (let byte = 0; byte < wholeBytes; byte++) into[at + byte] = value >> (8 * byte);
      }
  }
  return at;
}

function decode(
  bits: Int32Array,
  end: number,
  olderSteps: number,
  written: Uint8Array,
  from: Uint16Array,
): void {
  const [high, low, before] = [codeFrom, zeroBits, beforeFirst];
  let at = 0;
  for (let first = 0; first < end; first += blockSteps) {
    const last = Math.min(end, first + blockSteps);
    if (written[at++] === byCode)
      for (let i = first; i < last; i++) {
        const code = from[i - olderSteps]!;
        const rest = written[at++]!;
        bits[i] = code === 0 ? 0 : ((code + before) << high) | (rest << low);
      }
    else
      for (let i = first; i < last; i++, at += wholeBytes)
        bits[i] =
          written[at]! | (written[at + 1]! << 8) | (written[at + 2]! << 16) | (written[at + 3]! << 24);
  }
}
