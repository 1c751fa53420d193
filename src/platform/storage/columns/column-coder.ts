import { type BitReader, type BitWriter, createBitReader, createBitWriter } from './bits.ts';

/**
 * Writes or reads rows of whole numbers by columns. Both directions have the same methods, so that a layout is declared once: a
 * writer is given the values and gives them back, a reader ignores what it is given and gives what was written.
 */
export interface ColumnCoder {
  /** A flag that is seldom true. */
  flag(column: number, value: boolean): boolean;
  /** A whole number near that of the row before in the same column; |value| < 2⁵⁰. */
  near(column: number, value: number): number;
  /** A number of 64 bits as it is. */
  exact(value: number): number;
}

/**
 * Golomb–Rice coding of the differences from one row to the next. The parameter of each column follows the mean of its differences, as
 * in JPEG-LS (Weinberger, Seroussi and Sapiro 2000), so that a column that does not change takes one bit a row.
 */
interface Column {
  previous: number;
  /** Sum and count of the differences lately, as unsigned numbers; the count is 0 before the first. */
  sum: number;
  count: number;
}

/** So many rows back the mean of the differences reaches, about. */
const memoryRows = 24;
/** A difference counts for at most so many times the mean, so that a jump does not make the rows after it long. */
const mostTimesMean = 4;
/** A difference whose quotient is above this is written with its length in place of its quotient. */
const longestUnary = 12;
/** Bits of that length. */
const lengthBits = 6;

/** A writer, and the bytes it has written. */
export function createColumnWriter(columns: number): ColumnCoder & { bytes(): Uint8Array } {
  const writer = createBitWriter();
  const coder = coderOf(columns, (column, difference) => {
    if (column.count === 0) writeWithLength(writer, difference);
    else writeUnsigned(writer, parameterOf(column), difference);
    return difference;
  });
  return {
    ...coder,
    exact(value) {
      const [high, low] = wordsOf(value);
      writer.bits(high, 32);
      writer.bits(low, 32);
      return value;
    },
    bytes: writer.bytes,
  };
}

export function createColumnReader(columns: number, bytes: Uint8Array): ColumnCoder {
  const reader = createBitReader(bytes);
  const coder = coderOf(columns, (column) =>
    column.count === 0 ? readWithLength(reader) : readUnsigned(reader, parameterOf(column)),
  );
  return {
    ...coder,
    exact: () => numberOf(reader.bits(32), reader.bits(32)),
  };
}

function coderOf(
  columns: number,
  code: (column: Column, difference: number) => number,
): Omit<ColumnCoder, 'exact'> {
  /** Made at their first use: a row of decisions has half of its columns. */
  const all = new Array<Column | undefined>(columns).fill(undefined);
  const columnAt = (index: number): Column => {
    const known = all[index];
    if (known !== undefined) return known;
    if (!(index >= 0 && index < columns)) throw new RangeError(`no column ${index}`);
    const column = { previous: 0, sum: 0, count: 0 };
    all[index] = column;
    return column;
  };
  function coded(column: Column, value: number): number {
    const difference = code(column, value);
    // The first value is no difference, and says nothing of those that come.
    if (column.count > 0) column.sum += Math.min(difference, 2 + (mostTimesMean * column.sum) / column.count);
    column.count++;
    if (column.count >= memoryRows) {
      column.sum /= 2;
      column.count /= 2;
    }
    return difference;
  }
  return {
    flag: (index, value) => coded(columnAt(index), value ? 1 : 0) !== 0,
    near(index, value) {
      const column = columnAt(index);
      column.previous += signed(coded(column, unsigned(value - column.previous)));
      return column.previous;
    },
  };
}

const unsigned = (difference: number) => (difference < 0 ? -2 * difference - 1 : 2 * difference);
const signed = (code: number) => (code % 2 === 0 ? code / 2 : -(code + 1) / 2);

/** The Rice parameter: bits of a difference that are written as they are. */
function parameterOf({ sum, count }: Column): number {
  let parameter = 0;
  while (count * 2 ** parameter < sum && parameter < 50) parameter++;
  return parameter;
}

function writeUnsigned(writer: BitWriter, parameter: number, value: number): void {
  const quotient = Math.floor(value / 2 ** parameter);
  if (quotient < longestUnary) {
    writer.bits(2 ** (quotient + 1) - 2, quotient + 1);
    writer.bits(value % 2 ** parameter, parameter);
    return;
  }
  writer.bits(2 ** longestUnary - 1, longestUnary);
  writeWithLength(writer, value);
}

function writeWithLength(writer: BitWriter, value: number): void {
  const length = value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
  writer.bits(length, lengthBits);
  writer.bits(value, length);
}

function readWithLength(reader: BitReader): number {
  return reader.bits(reader.bits(lengthBits));
}

function readUnsigned(reader: BitReader, parameter: number): number {
  let quotient = 0;
  while (quotient < longestUnary && reader.bits(1) === 1) quotient++;
  if (quotient < longestUnary) return quotient * 2 ** parameter + reader.bits(parameter);
  return readWithLength(reader);
}

const words = new DataView(new ArrayBuffer(8));

function wordsOf(value: number): readonly [number, number] {
  words.setFloat64(0, value);
  return [words.getUint32(0), words.getUint32(4)];
}

function numberOf(high: number, low: number): number {
  words.setUint32(0, high);
  words.setUint32(4, low);
  return words.getFloat64(0);
}
