import { parseDuration } from '../../../platform/duration.ts';

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const escapeSequence = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|([0-7]{3})|(.))/gs;

/**
 * The text within a string literal: double or single quotes with Go's escapes, or backquotes without any. Undefined where the
 * closing quote is missing or an escape is none of Go's.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || !literal.endsWith(quote ?? '')) return undefined;
  const inner = literal.slice(1, -1);
  if (quote === '`') return inner;
  let isSound = !/(?:^|[^\\])(?:\\\\)*\\$/.test(inner);
  const text = inner.replace(
    escapeSequence,
    (_, hex?: string, short?: string, long?: string, octal?: string, letter = '') => {
      const code = hex ?? short ?? long;
      if (code !== undefined || octal !== undefined) {
        const point = code === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(code, 16);
        isSound &&= point <= 0x10_ff_ff;
        return point <= 0x10_ff_ff ? String.fromCodePoint(point) : '';
      }
      const meant = escapes[letter];
      isSound &&= meant !== undefined;
      return meant ?? '';
    },
  );
  return isSound ? text : undefined;
}

/** A number as PromQL writes it: decimal with `_` between digits, hexadecimal, `Inf`, `NaN`, or a duration in seconds. */
export function numberOf(literal: string): number | undefined {
  const [, sign, rest = ''] = /^([+-]?)\s*(.*)$/s.exec(literal) ?? [];
  const factor = sign === '-' ? -1 : 1;
  if (/^inf$/i.test(rest)) return factor * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(rest)) return Number.NaN;
  const plain = rest.replaceAll('_', '');
  const number = plain === '' ? Number.NaN : Number(plain);
  const value = Number.isNaN(number) ? parseDuration(rest) : number;
  return value === undefined ? undefined : factor * value;
}
