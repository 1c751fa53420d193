/** What is wrong with one line of a file, and the remedy. The door adds the line's own text. */
export class CsvProblem extends Error {
  /** Counted from 1; of a JSON answer the number of the sample. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A column as it was read: a number for each row before the first problem, and remarks on how the column was understood. */
export interface ReadColumn {
  readonly numbers: readonly number[];
  readonly notes: readonly string[];
  readonly problem?: CsvProblem;
}

/** One cell of a column, without quotes and surrounding spaces. */
export interface Cell {
  readonly line: number;
  readonly text: string;
}
