import { crc32 } from 'node:zlib';
import {
  type ColumnCoder,
  createColumnReader,
  createColumnWriter,
} from '../../../platform/storage/columns/column-coder.ts';
import type { RollUp } from './roll-up.ts';

// A chunk is a row of roll-ups of one series as bytes: a checksum, the form, the length of a roll-up, their number, the time of the
// first, and the rest as columns of bits. 13 months of five minutes take some 300 KB.

const form = 1;
const checksumBytes = 4;
const headBytes = checksumBytes + 1 + 4 + 2 + 8;
/** Most roll-ups of a chunk. */
export const mostPerChunk = 4_096;

/** Steps of a mean per doubling: it is kept to within 0.009 %. */
const meanSteps = 4_096;
/** Steps of the peak over the mean per doubling: the peak is kept up to 1.1 % too high, and never too low. */
const peakSteps = 64;
/** The smallest demand is above 2⁻³⁰, as that of the forecaster. */
const leastExponent = 30;

/** Roll-ups as a chunk; at least one, at most {@link mostPerChunk}, in order of time. */
export function encodeRollUps(rollUps: readonly RollUp[], lengthSeconds: number): Uint8Array {
  const coder = createColumnWriter(columns);
  const startSeconds = rollUps[0]?.atSeconds ?? 0;
  const code = createCoder(coder, startSeconds, lengthSeconds);
  for (const rollUp of rollUps) code(rollUp);
  const body = coder.bytes();
  const bytes = new Uint8Array(headBytes + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(checksumBytes, form);
  view.setUint32(checksumBytes + 1, lengthSeconds);
  view.setUint16(checksumBytes + 5, rollUps.length);
  view.setFloat64(checksumBytes + 7, startSeconds);
  bytes.set(body, headBytes);
  view.setUint32(0, crc32(bytes.subarray(checksumBytes)));
  return bytes;
}

/** The roll-ups of a chunk; none where its bytes are not what was written, or of another form. */
export function decodeRollUps(bytes: Uint8Array): RollUp[] {
  if (bytes.length < headBytes) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== crc32(bytes.subarray(checksumBytes))) return [];
  if (view.getUint8(checksumBytes) !== form) return [];
  const count = view.getUint16(checksumBytes + 5);
  if (count > mostPerChunk) return [];
  const coder = createColumnReader(columns, bytes.subarray(headBytes));
  const code = createCoder(coder, view.getFloat64(checksumBytes + 7), view.getUint32(checksumBytes + 1));
  return Array.from({ length: count }, () => code());
}

const [timeColumn, meanColumn, peakColumn, rowsColumn, censoredColumn, columns] = [0, 1, 2, 3, 4, 5];

/** Codes roll-ups one after the other. Gives what a reader will get; a reader is given nothing. */
function createCoder(coder: ColumnCoder, startSeconds: number, lengthSeconds: number) {
  let atSeconds = startSeconds;
  let isFirst = true;
  return (rollUp?: RollUp): RollUp => {
    const due = isFirst ? startSeconds : atSeconds + lengthSeconds;
    isFirst = false;
    // A column of times codes how much later than the one before a roll-up came, which is never later as a rule.
    atSeconds = due + coder.near(timeColumn, (rollUp?.atSeconds ?? 0) - due);
    const mean = meanOf(coder.near(meanColumn, meanCode(rollUp?.mean ?? 0)));
    const peak = mean * 2 ** (coder.near(peakColumn, peakCode(rollUp, mean)) / peakSteps);
    const rows = coder.near(rowsColumn, rollUp?.rows ?? 0);
    const isCensored = coder.flag(censoredColumn, rollUp?.isCensored ?? false);
    return { atSeconds, mean, peak, rows, isCensored };
  };
}

function meanCode(mean: number): number {
  if (!(mean > 2 ** -leastExponent)) return 0;
  return 1 + Math.round((Math.log2(mean) + leastExponent) * meanSteps);
}

function meanOf(code: number): number {
  return code <= 0 ? 0 : 2 ** ((code - 1) / meanSteps - leastExponent);
}

function peakCode(rollUp: RollUp | undefined, mean: number): number {
  if (rollUp === undefined || !(mean > 0) || rollUp.peak <= mean) return 0;
  // Noise of the arithmetic is no reason for another step.
  return Math.ceil(Math.log2(rollUp.peak / mean) * peakSteps - 1e-6);
}
