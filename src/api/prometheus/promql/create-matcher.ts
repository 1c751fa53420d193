import type { Matcher, MatchOperator } from './matcher.ts';
import { compilePattern } from './pattern.ts';

/** Creates a matcher. Throws an Error that says what is wrong with a regular expression. */
export function createMatcher(label: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=') return { label, operator, named: [value], matches: (given) => given === value };
  if (operator === '!=') return { label, operator, named: [], matches: (given) => given !== value };
  const pattern = compilePattern(value);
  if (operator === '=~') return { label, operator, ...pattern };
  return { label, operator, named: [], matches: (given) => !pattern.matches(given) };
}
