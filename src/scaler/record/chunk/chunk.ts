import { crc32 } from 'node:zlib';
import type { RecordRow } from '../../../forecast/index.ts';
import { ForescaleError } from '../../../platform/errors.ts';
import { createColumnReader, createColumnWriter } from '../../../platform/storage/columns/column-coder.ts';
import { columnCount, createRowCoder } from './chunk-row.ts';
import { createTables, type Tables } from './chunk-tables.ts';
import { precisions } from './precision.ts';

/**
 * A chunk is a row of decisions of one workload as bytes: a checksum, the length of the header, the header as JSON with what is said
 * once (tables of settings, states and names), and the decisions as columns of bits.
 */
interface Header {
  /** Place in {@link precisions}. */
  readonly precision: number;
  readonly count: number;
  readonly tables: Tables;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const checksumBytes = 4;
const prefixBytes = checksumBytes + 4;
/** Most decisions of a chunk: what a day has at one a second. */
const mostRows = 86_400;

/** Decisions as a chunk, to the precision at that place of {@link precisions}. There is at least one decision. */
export function encodeChunk(decisions: readonly RecordRow['decision'][], precision: number): Uint8Array {
  const tables = createTables(Math.floor(decisions[0]?.atSeconds ?? 0));
  const coder = createColumnWriter(columnCount);
  const code = createRowCoder(coder, tables, precisionAt(precision));
  for (const decision of decisions) code(decision);
  const header: Header = { precision, count: decisions.length, tables };
  const text = encoder.encode(JSON.stringify(header));
  const body = coder.bytes();
  const bytes = new Uint8Array(prefixBytes + text.length + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(checksumBytes, text.length);
  bytes.set(text, prefixBytes);
  bytes.set(body, prefixBytes + text.length);
  view.setUint32(0, crc32(bytes.subarray(checksumBytes)));
  return bytes;
}

/** The decisions of a chunk, in the order in which they were written. Throws where the bytes are not what was written. */
export function decodeChunk(bytes: Uint8Array): readonly RecordRow[] {
  const { header, body } = opened(bytes);
  const precision = precisionAt(header.precision);
  const code = createRowCoder(createColumnReader(columnCount, body), header.tables, precision);
  return Array.from({ length: header.count }, () => ({ decision: code(), precision: precision.name }));
}

/** Whether bytes are what was written. */
export function isWhole(bytes: Uint8Array): boolean {
  return bytes.length > prefixBytes && viewOf(bytes).getUint32(0) === crc32(bytes.subarray(checksumBytes));
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function opened(bytes: Uint8Array) {
  const view = viewOf(bytes);
  if (!isWhole(bytes)) throw new ForescaleError('internal', 'a part of the record is damaged');
  const bodyAt = prefixBytes + view.getUint32(checksumBytes);
  const text = decoder.decode(bytes.subarray(prefixBytes, bodyAt));
  // The checksum says that this is what was written.
  const header = JSON.parse(text) as Header;
  if (header.count > mostRows) throw new ForescaleError('internal', 'a part of the record is too long');
  return { header, body: bytes.subarray(bodyAt) };
}

function precisionAt(place: number) {
  const precision = precisions[place];
  if (precision === undefined) {
    throw new ForescaleError('internal', 'a part of the record is of a later version');
  }
  return precision;
}
