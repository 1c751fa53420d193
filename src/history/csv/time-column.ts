import { commonestDistance } from '../row-distance.ts';
import { type Cell, CsvProblem, type ReadColumn } from './csv-problem.ts';
import { dayFirst, monthFirst, plainFormats, type TimeFormat, twoNumbersOf } from './time-formats.ts';

const excelDays = { from: 25_569, to: 80_000, mostApart: 31 };
const remedy = 'write unix seconds or an ISO time such as 2026-01-05T09:00Z';

/** Reads the times of a column in the one format that its first row has; unix seconds. Times without a zone are UTC. */
export function readTimes(cells: readonly Cell[]): ReadColumn {
  const [first] = cells;
  if (first === undefined) return { numbers: [], notes: [] };
  if (areExcelDays(cells)) {
    const why = `this looks like an Excel date, which counts days ("${first.text}"); give the column the format yyyy-mm-dd hh:mm:ss and export it again`;
    return { numbers: [], notes: [], problem: new CsvProblem(first.line, why) };
  }
  const chosen = formatOf(cells);
  if (chosen instanceof CsvProblem) return { numbers: [], notes: [], problem: chosen };
  const { format, notes } = chosen;
  const numbers: number[] = [];
  for (const { line, text } of cells) {
    const seconds = format.parse(text);
    if (seconds === undefined) {
      return { numbers, notes, problem: new CsvProblem(line, whyUnreadable(text, format)) };
    }
    numbers.push(seconds);
  }
  return { numbers, notes };
}

/** Whether cells count the days since 1900 as Excel does: numbers of our time as days, and at most a month of days apart. */
function areExcelDays(cells: readonly Cell[]): boolean {
  const days: number[] = [];
  for (const { text } of cells) {
    const day = /^\d{5}(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
    if (!(day >= excelDays.from && day < excelDays.to)) return false;
    days.push(day);
  }
  const apart = commonestDistance(days);
  return apart !== undefined && Math.abs(apart) <= excelDays.mostApart;
}

interface Chosen {
  readonly format: TimeFormat;
  readonly notes: readonly string[];
}

function formatOf(cells: readonly Cell[]): Chosen | CsvProblem {
  const [{ line, text } = { line: 1, text: '' }] = cells;
  if (twoNumbersOf(text) !== undefined) return slashedFormat(cells);
  const format = plainFormats.find(({ parse }) => parse(text) !== undefined);
  return format === undefined ? new CsvProblem(line, whyUnreadable(text)) : { format, notes: [] };
}

/** Tells month/day from day/month by a number above 12 anywhere in the column. Nothing else tells, and it is not guessed. */
function slashedFormat(cells: readonly Cell[]): Chosen | CsvProblem {
  const above12 = (at: 0 | 1) => cells.find(({ text }) => (twoNumbersOf(text)?.[at] ?? 0) > 12);
  const [byDay, byMonth] = [above12(0), above12(1)];
  const proof = byDay ?? byMonth;
  if (byDay !== undefined && byMonth !== undefined) {
    const later = byDay.line > byMonth.line ? byDay : byMonth;
    const earlier = later === byDay ? byMonth : byDay;
    return new CsvProblem(
      later.line,
      `day and month are in another order than in line ${earlier.line} ("${earlier.text}"); write them as 2026-01-31`,
    );
  }
  if (proof === undefined) {
    const [{ line, text } = { line: 1, text: '' }] = cells;
    return new CsvProblem(
      line,
      `"${text}" can be month/day or day/month, and no row tells which; write the dates as 2026-01-31`,
    );
  }
  const format = proof === byDay ? dayFirst : monthFirst;
  return {
    format,
    notes: [`times are read as ${format.name}, because of line ${proof.line} ("${proof.text}")`],
  };
}

/** Why a text is no time, or none of the format of the rows before it. */
function whyUnreadable(text: string, format?: TimeFormat): string {
  const other = plainFormats.find(({ parse }) => parse(text) !== undefined);
  if (format !== undefined && other !== undefined) {
    return `the timestamp is written in another way (${other.name}) than in the rows before (${format.name}); write all of them alike`;
  }
  if (text === '') return `the timestamp is missing; ${remedy}`;
  if (/^\d+,\d+$|^\d{1,3}(?:[,.]\d{3}){2,}$/.test(text)) {
    return `the timestamp "${text}" is a number with commas in it; give the column the number format 0 and export it again`;
  }
  if (/^\d(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
    return `the timestamp was rounded by a spreadsheet ("${text}"); give the column the number format 0 and export it again`;
  }
  if (/^\d{1,2}:\d{2}/.test(text)) return `this is a time of day without a date; ${remedy}`;
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?:\D|$)/.test(text)) {
    return `the year of "${text}" has two digits, which can be read in several ways; ${remedy}`;
  }
  if (/\d [A-Z]{2,5}$/.test(text))
    return `the time zone is not known by its letters; write it as +01:00 or Z`;
  return `the timestamp is unreadable; ${remedy}`;
}
