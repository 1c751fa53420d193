import { formatDuration, parseDuration } from '../../platform/duration.ts';

/**
 * Longest rate window that counts. A decision looks ahead by half of it, so that a query over a day would serve the peak of the
 * next twelve hours all day long.
 */
const longestSeconds = 3_600;

/**
 * How much time one value of a PromQL query sums up, seconds: the longest range of its selectors, plus twice their offset, because
 * a value lags by half of its range and by all of its offset. What divides (right of `/`) only scales demand and does not count,
 * nor do the ranges of subqueries, which look at demand that is known already. At most an hour; 0 where there is no range.
 */
export function rateWindowSeconds(query: string): number {
  return Math.min(longestSeconds, uncutWindowSeconds(query));
}

/** What a user should know about a query whose range or offset is longer than what counts. */
export function rateWindowWarnings(query: string): string[] {
  const seconds = uncutWindowSeconds(query);
  if (seconds <= longestSeconds) return [];
  const [lag, most] = [seconds / 2, longestSeconds / 2].map(formatDuration);
  return [
    `query: its values lag by ${lag} (half of the longest range, plus its offset), of which the decision window counts ${most} at most; use a shorter range, or set peakWindow where a decision has to look farther ahead`,
  ];
}

/** A pair of parentheses that is open. */
interface Scope {
  /** What is in it divides, or is part of what does. */
  readonly divides: boolean;
  /** The operand that is being read is right of a `/`. */
  isDivisor: boolean;
  /** Window of the operand that is being read; a range or an offset behind it may still change it. */
  operandSeconds: number;
  /** Longest window of the operands that were read. */
  longestSeconds: number;
}

/** No part of it runs over another `[`, so that a text of nothing but brackets is read once and not once for each of them. */
const token =
  /"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?|`[^`]*`?|#[^\n]*|\[(?<range>[^[\]]*)\]|@\s*(?:[-+]?[\d.]+|(?:start|end)\s*\(\s*\))|\boffset\s*(?<sign>[-+]?)\s*(?<offset>\d[\w.]*)|(?<word>[a-z_:][\w:.]*)|(?<number>[\d.][\w.]*)|(?<mark>[(){},/])|(?<operator>[-+*%^=!<>~]+)/gi;
const binaryWord = /^(?:and|or|unless|atan2|default|if|ifnot)$/i;

function uncutWindowSeconds(query: string): number {
  const scopes: Scope[] = [newScope(false)];
  let isInBraces = false;
  /** The text before was an operator, so that a sign is part of a number. */
  let isAfterOperator = true;
  for (const { 0: text, groups = {} } of query.matchAll(token)) {
    const scope = scopes.at(-1) ?? newScope(false);
    if (isInBraces) {
      isInBraces = text !== '}';
      continue;
    }
    const isSign = /^[-+]+$/.test(text) && isAfterOperator;
    const isOperator = groups['operator'] !== undefined || binaryWord.test(text);
    isAfterOperator = isOperator || text === '/' || text === '(' || text === ',';
    if (groups['range'] !== undefined) addRange(scope, groups['range']);
    else if (groups['offset'] !== undefined) addOffset(scope, groups['sign'], groups['offset']);
    else if (text === '{') isInBraces = true;
    else if (text === '(') scopes.push(openScope(scope));
    else if (text === ')') closeScope(scopes);
    else if (groups['word'] !== undefined || groups['number'] !== undefined) endOperand(scope);
    if (text === '/') startDivisor(scope);
    else if (text === ',' || (isOperator && !isSign && !text.startsWith('^'))) endTerm(scope);
  }
  while (scopes.length > 1) closeScope(scopes);
  const [whole] = scopes;
  if (whole === undefined) return 0;
  endOperand(whole);
  return whole.longestSeconds;
}

function newScope(divides: boolean): Scope {
  return { divides, isDivisor: false, operandSeconds: 0, longestSeconds: 0 };
}

function openScope(outer: Scope): Scope {
  endOperand(outer);
  return newScope(outer.divides || outer.isDivisor);
}

function closeScope(scopes: Scope[]): void {
  const [outer, inner] = [scopes.at(-2), scopes.at(-1)];
  if (outer === undefined || inner === undefined) return;
  endOperand(inner);
  scopes.pop();
  outer.operandSeconds = inner.longestSeconds;
}

/** A range with a colon is that of a subquery. */
function addRange(scope: Scope, range: string): void {
  if (range.includes(':')) return;
  scope.operandSeconds = Math.max(scope.operandSeconds, secondsOf(range));
}

function addOffset(scope: Scope, sign: string | undefined, offset: string): void {
  scope.operandSeconds += 2 * secondsOf(offset) * (sign === '-' ? -1 : 1);
}

function endOperand(scope: Scope): void {
  const isCounted = !scope.divides && !scope.isDivisor;
  if (isCounted) scope.longestSeconds = Math.max(scope.longestSeconds, scope.operandSeconds);
  scope.operandSeconds = 0;
}

function startDivisor(scope: Scope): void {
  endOperand(scope);
  scope.isDivisor = true;
}

function endTerm(scope: Scope): void {
  endOperand(scope);
  scope.isDivisor = false;
}

/** Prometheus 3 also takes a bare number of seconds. */
function secondsOf(text: string): number {
  const trimmed = text.trim();
  return parseDuration(trimmed) ?? (/^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : 0);
}
