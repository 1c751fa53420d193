/** Codes of SQLite for a file that is damaged or none of its own (https://sqlite.org/rescode.html); trying again is no use. */
const damagedCodes = [11, 26];
/** Codes of SQLite where another process has the file. */
const lockedCodes = [5, 6];

/** What is wrong with a file of SQLite, and what to do. */
export interface FileFault {
  readonly cause: string;
  readonly remedy: string;
  /** Whether trying again is no use. */
  readonly isDamaged: boolean;
}

export function fileFaultOf(error: unknown): FileFault {
  const code = codeOf(error);
  const isDamaged = damagedCodes.includes(code);
  return { cause: error instanceof Error ? error.message : String(error), remedy: remedyOf(code), isDamaged };
}

function codeOf(error: unknown): number {
  // Extended codes have the code in their lowest byte.
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) % 256 : 0;
}

function remedyOf(code: number): string {
  if (damagedCodes.includes(code)) {
    return 'move it and the files beside it that begin with its name away and restart the server, which begins a new one';
  }
  const remedy = lockedCodes.includes(code)
    ? 'another server has it: give each a state directory of its own'
    : 'give its volume room, and the server permission to write its folder';
  return `${remedy}; it is tried again every minute`;
}
