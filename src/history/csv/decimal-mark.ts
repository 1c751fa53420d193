import { type Cell, CsvProblem } from './csv-problem.ts';

/** What separates the whole part of a number from its decimals; the other one may then group thousands. */
export type DecimalMark = '.' | ',';

export const otherMark = (mark: DecimalMark): DecimalMark => (mark === '.' ? ',' : '.');

/** What the digits of one number tell: its decimal mark, nothing, or that they can be read in two ways. */
function evidenceOf(digits: string): DecimalMark | 'none' | 'either' {
  const [commas, points] = [digits.split(',').length - 1, digits.split('.').length - 1];
  if (commas > 0 && points > 0) return digits.lastIndexOf(',') > digits.lastIndexOf('.') ? ',' : '.';
  if (commas + points === 0) return 'none';
  const mark = commas > 0 ? ',' : '.';
  if (commas + points > 1) return otherMark(mark);
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits) ? 'either' : mark;
}

/**
 * The decimal mark of a column, by all of its numbers: 1,234 alone can be a thousand or a little more than one, and a number such as
 * 17,5 elsewhere tells. A file with commas between its columns has decimal points unless its numbers show another. A column that
 * does not tell is refused.
 */
export function decimalMarkOf(digits: readonly Cell[], delimiter: string): DecimalMark | CsvProblem {
  const firstBy = new Map<string, Cell>();
  for (const cell of digits) {
    const evidence = evidenceOf(cell.text);
    const key = evidence === 'either' ? `either ${cell.text.includes(',') ? ',' : '.'}` : evidence;
    if (!firstBy.has(key)) firstBy.set(key, cell);
  }
  const [point, comma] = [firstBy.get('.'), firstBy.get(',')];
  if (point !== undefined && comma !== undefined) {
    const [earlier, later] = point.line < comma.line ? [point, comma] : [comma, point];
    return new CsvProblem(
      later.line,
      `"${later.text}" has another decimal mark than "${earlier.text}" in line ${earlier.line}; write all numbers alike`,
    );
  }
  if (comma !== undefined) return ',';
  if (point !== undefined) return '.';
  const unclear = firstBy.get('either ,') ?? (delimiter === ',' ? undefined : firstBy.get('either .'));
  if (unclear === undefined) return '.';
  return new CsvProblem(
    unclear.line,
    `"${unclear.text}" can have a thousands separator or a decimal mark, and no row tells which; say it with --decimal point or --decimal comma`,
  );
}
