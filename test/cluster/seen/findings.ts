import { writeSync } from 'node:fs';

/** What a run has seen: a line for each assertion with the numbers, and the numbers themselves by name. */
export interface Findings {
  /** Prints a line at once. */
  say(line: string): void;
  /** Prints a line, and keeps its numbers. */
  found(name: string, line: string, numbers: object): void;
  readonly all: Readonly<Record<string, { readonly line: string }>>;
}

export function createFindings(): Findings {
  const all: Record<string, { readonly line: string }> = {};
  // Not by the console, whose output the reporter keeps back while tests pass.
  const say = (line: string) => void writeSync(2, `cluster: ${line}\n`);
  return {
    say,
    found(name, line, seen) {
      all[name] = { line, ...seen };
      say(`${name}: ${line}`);
    },
    all,
  };
}
