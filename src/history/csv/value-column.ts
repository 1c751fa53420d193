import { type Cell, CsvProblem, type ReadColumn } from './csv-problem.ts';
import { type DecimalMark, decimalMarkOf, otherMark } from './decimal-mark.ts';
import { type Suffix, suffixOf } from './units.ts';

const missing = /^(?:|nan|null|undefined|none|n\/?a|#n\/a|-)$/i;
// Number() would also accept hexadecimal numbers and words such as Infinity.
const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const writtenNumber =
  /^([+-]?)((?:\d|[.,]\d)(?:[\d.,]|[\s'’](?=\d{3}(?!\d)))*)(e[+-]?\d+)?\s*([\p{L}%°/$€£¥][^\d]{0,30})?$/iu;

const groupedBy = { ',': /^\d{1,3}(?:,\d{3})+$/, '.': /^\d{1,3}(?:\.\d{3})+$/ } as const;

interface Written {
  readonly line: number;
  readonly text: string;
  readonly sign: string;
  /** Digits, commas and points; spaces and apostrophes between thousands are gone. */
  readonly digits: string;
  readonly exponent: string;
  readonly suffix: Suffix;
}

/** Whether a text is a number, whatever its decimal mark and its unit, or a word for a missing one. */
export const isValue = (text: string) => missing.test(text) || writtenNumber.test(text);
export const isMissing = (text: string) => missing.test(text);

/**
 * Reads the values of a column: NaN where one is missing. The decimal mark and the unit are those of the whole column; a unit is left
 * out, and `k` or `Mil` multiplies. The notes say how numbers were understood that are not plain.
 */
export function readValues(
  cells: readonly Cell[],
  options: { readonly delimiter: string; readonly decimalMark?: DecimalMark | undefined },
): ReadColumn {
  const isPointed = options.delimiter === ',' && options.decimalMark !== ',';
  const plain = isPointed ? plainValues(cells) : undefined;
  if (plain !== undefined) return { numbers: plain, notes: [] };
  const written: (Written | undefined)[] = [];
  let problem: CsvProblem | undefined;
  for (const cell of cells) {
    const read = missing.test(cell.text) ? undefined : writtenOf(cell);
    if (read instanceof CsvProblem) {
      problem = read;
      break;
    }
    written.push(read);
  }
  const numbers = written.filter((one) => one !== undefined);
  const digits = numbers.map(({ line, digits: text }) => ({ line, text }));
  const mark = options.decimalMark ?? decimalMarkOf(digits, options.delimiter);
  if (mark instanceof CsvProblem) return { numbers: [], notes: [], problem: mark };
  const measured = numbers.find(({ digits: text, suffix }) => suffix.unit !== '' || /[1-9]/.test(text));
  const values: number[] = [];
  for (const one of written) {
    const value = one === undefined ? Number.NaN : readValue(one, mark, measured);
    if (value instanceof CsvProblem) {
      problem = value;
      break;
    }
    values.push(value);
  }
  const notes = notesOn(numbers, mark, measured?.suffix.unit ?? '');
  return problem === undefined ? { numbers: values, notes } : { numbers: values, notes, problem };
}

/** The values of a column that has nothing but plain numbers, which most files have; undefined for any other column. */
function plainValues(cells: readonly Cell[]): number[] | undefined {
  const values: number[] = [];
  for (const { text } of cells) {
    const value = plainNumber.test(text) ? Number(text) : missing.test(text) ? Number.NaN : undefined;
    if (value === undefined || value < 0 || value === Number.POSITIVE_INFINITY) return undefined;
    values.push(value);
  }
  return values;
}

function writtenOf({ line, text }: Cell): Written | CsvProblem {
  const [match, sign = '', digits = '', exponent = '', after = ''] = writtenNumber.exec(text) ?? [];
  if (match === undefined) return new CsvProblem(line, whyUnreadable(text));
  const suffix = suffixOf(after.trim());
  if (suffix === undefined) {
    return new CsvProblem(line, `"${text}" can be billions or bytes; export the plain numbers`);
  }
  return { line, text, sign, digits: digits.replaceAll(/[\s'’]/g, ''), exponent, suffix };
}

function readValue(
  { line, text, sign, digits, exponent, suffix }: Written,
  mark: DecimalMark,
  measured: Written | undefined,
): number | CsvProblem {
  const group = otherMark(mark);
  const [whole = '', ...decimals] = digits.split(mark);
  const isGrouped = groupedBy[group].test(whole);
  const plain = `${sign}${isGrouped ? whole.replaceAll(group, '') : whole}${decimals.map((part) => `.${part}`).join('')}${exponent}`;
  const value = plainNumber.test(plain) ? Number(plain) * suffix.scale : Number.NaN;
  if (!Number.isFinite(value)) return new CsvProblem(line, whyUnreadable(text));
  if (value !== 0 && measured !== undefined && suffix.unit !== measured.suffix.unit) {
    const [here, there] = [unitWords(suffix), unitWords(measured.suffix)];
    return new CsvProblem(
      line,
      `the value is unreadable: it has ${here}, and line ${measured.line} has ${there}; export plain numbers`,
    );
  }
  if (value < 0) {
    return new CsvProblem(
      line,
      'the value is negative, and demand is not; leave it empty where it is missing',
    );
  }
  return value;
}

const unitWords = ({ unit }: Suffix) => (unit === '' ? 'no unit' : `the unit "${unit}"`);

function notesOn(numbers: readonly Written[], mark: DecimalMark, unit: string): string[] {
  const shown = ({ line, text }: Written) => `"${text}" (line ${line})`;
  const decimal = mark === ',' ? numbers.find(({ digits }) => digits.includes(',')) : undefined;
  const grouped = numbers.find(({ digits }) => digits.includes(otherMark(mark)));
  const scaled = numbers.find(({ suffix }) => suffix.scale !== 1);
  return [
    ...(decimal === undefined ? [] : [`values are read with a decimal comma, as in ${shown(decimal)}`]),
    ...(grouped === undefined
      ? []
      : [`the ${mark === ',' ? 'point' : 'comma'} in ${shown(grouped)} is read as a thousands separator`]),
    ...(unit === '' ? [] : [`values are read without their unit, "${unit}"`]),
    ...(scaled === undefined
      ? []
      : [
          `values such as ${shown(scaled)} are abbreviated and so rounded; plain numbers give a finer forecast`,
        ]),
  ];
}

function whyUnreadable(text: string): string {
  if (/^#[A-Z]/.test(text))
    return `the value is an error of a spreadsheet, "${text}"; leave it empty where it is missing`;
  if (/^[+-]?inf/i.test(text))
    return 'the value is unreadable: it is infinite; leave it empty where it is missing';
  return 'the value is unreadable; write a number such as 12.5, or nothing where it is missing';
}
