import { RE2JS } from 're2js';

/** A text without meaning to a regular expression: its characters stand for themselves, or an escape makes them. */
const literal = /^(?:[^\\.+*?()|[\]{}^$]|\\[!-/:-@[-`{}~])*$/;

/**
 * Longest expression that is not a list of literals, and most instructions of its program. Beyond them one expression could take
 * longer than the event loop may be held: 900 nested brackets take 330 ms to compile, `((\pL?|a){30}){30}` 250 ms to match.
 */
const maxCharacters = 256;
const maxInstructions = 500;

/** A regular expression that a whole label value matches or not. */
export interface Pattern {
  matches(value: string): boolean;
  /** The values that the expression writes out, as `shop|web` does; of any other expression nothing that means anything. */
  readonly named: readonly string[];
}

/**
 * Compiles a regular expression in RE2's syntax, which is matched in linear time (docs/adr/0018). Throws an Error that says what is
 * wrong with it.
 */
export function compilePattern(text: string): Pattern {
  const parts = (/^\((?!\?)([^()]*)\)$/.exec(text)?.[1] ?? text).split('|');
  const named = parts.map((part) => part.replace(/\\(.)/gs, '$1'));
  if (parts.every((part) => literal.test(part))) {
    const values = new Set(named);
    return { named, matches: (value) => values.has(value) };
  }
  if (text.length > maxCharacters) {
    throw new Error(`regular expression is longer than ${maxCharacters} characters and no list of values`);
  }
  const program = RE2JS.compile(text, RE2JS.DOTALL);
  if (program.programSize() > maxInstructions) {
    throw new Error('regular expression is too large: repeat less');
  }
  return { named, matches: (value) => program.matches(value) };
}
