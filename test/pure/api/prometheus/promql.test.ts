import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Selector } from '../../../../src/api/prometheus/promql/expression.ts';
import { unquote } from '../../../../src/api/prometheus/promql/literals.ts';
import { matchesAll } from '../../../../src/api/prometheus/promql/matcher.ts';
import { parseExpression, parseSelector } from '../../../../src/api/prometheus/promql/parse.ts';
import { compilePattern } from '../../../../src/api/prometheus/promql/pattern.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { createTimeSlices } from '../../../../src/platform/turns/time-slices.ts';

const parse = (text: string) => parseExpression({ parameter: 'query', text }, createTimeSlices());
const selector = async (text: string): Promise<Selector> => {
  const expression = await parse(text);
  if (expression.kind !== 'selector') throw new Error(`${text} is no selector`);
  return expression;
};
const refusal = async (text: string) => {
  const thrown: unknown = await parse(text).catch((error: unknown) => error);
  return thrown instanceof ForescaleError ? `${thrown.code}: ${thrown.message}` : String(thrown);
};

describe('PromQL', () => {
  it.each([
    ['1+1', 2],
    ['1-1', 0],
    ['2*3+4', 10],
    ['2*(3+4)', 14],
    ['-(3)', -3],
    ['7/2', 3.5],
    ['0x1F', 31],
    ['1_000.5e3', 1_000_500],
    ['1h30m', 5400],
    ['Inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['.5', 0.5],
  ])('reads the number %s', async (text, value) => {
    expect(await parse(text)).toEqual({ kind: 'scalar', value });
  });

  it.each([
    ['x offset 5m', 300_000],
    ['x offset -6h', -21_600_000],
    ['x offset - 6h', -21_600_000],
    ['x offset 1h30m', 5_400_000],
    ['x{a="b"} offset 90', 90_000],
    ['(x) offset 5m', 300_000],
    ['x OFFSET 5m', 300_000],
    ['x', 0],
  ])('reads how far back %s asks', async (text, offsetMs) => {
    expect((await selector(text)).offsetMs).toBe(offsetMs);
  });

  it.each([
    ['x{a="b"}', { __name__: 'x', a: 'b' }, true],
    ['x{a="b"}', { __name__: 'x', a: 'c' }, false],
    ['x{a="b"}', { __name__: 'y', a: 'b' }, false],
    ['x{a=""}', { __name__: 'x' }, true],
    ['x{a!=""}', { __name__: 'x' }, false],
    ['x{a!="b"}', { __name__: 'x' }, true],
    ['x{a=~"b|c"}', { __name__: 'x', a: 'c' }, true],
    ['x{a=~"b"}', { __name__: 'x', a: 'bb' }, false],
    ['x{a=~"b.*"}', { __name__: 'x', a: 'bb\nb' }, true],
    ['x{a=~"(?i)B+"}', { __name__: 'x', a: 'bb' }, true],
    ['x{a!~"b.*"}', { __name__: 'x', a: 'bb' }, false],
    ['x{a=~"a\\\\.b|c"}', { __name__: 'x', a: 'a.b' }, true],
    ['x{a=~"a\\\\.b|c"}', { __name__: 'x', a: 'aXb' }, false],
    ['{__name__=~"x.*",}', { __name__: 'xyz' }, true],
    ["{'x', 'a.b'='c'}", { __name__: 'x', 'a.b': 'c' }, true],
    ['x{__proto__="b"}', { __name__: 'x' }, false],
  ])('matches %s with %j: %s', async (text, labels, isMatch) => {
    const { matchers } = await selector(text);
    expect(matchesAll(matchers, new Map(Object.entries(labels)))).toBe(isMatch);
  });

  it('reads an aggregation with its labels before or after, and nested ones', async () => {
    const before = await parse('max by (a, "b.c",) (x)');
    expect(before).toMatchObject({
      kind: 'aggregate',
      aggregation: 'max',
      grouping: { mode: 'by', labels: new Set(['a', 'b.c']) },
      of: { kind: 'selector' },
    });
    expect(await parse('max(x) by (a, "b.c")')).toMatchObject({ grouping: { mode: 'by' } });
    expect(await parse('AVG without (a) (sum by (a, b) (x))')).toMatchObject({
      aggregation: 'avg',
      grouping: { mode: 'without', labels: new Set(['a']) },
      of: { kind: 'aggregate', aggregation: 'sum' },
    });
    expect(await parse('min(x)')).toMatchObject({ grouping: { mode: 'by', labels: new Set() } });
  });

  it.each([
    'rate(x[5m])',
    'x[5m]',
    'x[5m:1m]',
    'x @ 5',
    'x + 1',
    '1 + x',
    'x > 1',
    'x or y',
    '-x',
    '2 ^ 2',
    '5 % 3',
    '1 == bool 1',
    'topk(1, x)',
    'count(x)',
    'vector(1)',
    'x offset (5m)',
  ])('says of %s, which is PromQL, what is answered in its place', async (text) => {
    const message = await refusal(text);
    expect(message).toMatch(/^unsupported-query: /);
    expect(message).toContain(text.slice(0, 60));
    expect(message).toContain('max, min, sum and avg');
  });

  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['# a comment', '1:1: parse error: no expression found in input'],
    ['foo(', '1:4: parse error: unexpected "("'],
    ['x{', '1:3: parse error: unexpected end of input'],
    ['x y', '1:3: parse error: unexpected "y"'],
    ['x\n  offset\n  zz', '3:3: parse error: unexpected "zz"'],
    ['"abc', '1:1: parse error: a text without its closing quote'],
    ['x{a="\\q"}', '1:5: parse error: a text without its closing quote, or a bad escape'],
    ['x{a=~"("}', 'parse error: error parsing regexp: missing closing )'],
    ['x{a=~"(?=b)"}', 'parse error: error parsing regexp'],
    ['{a=""}', 'vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', 'vector selector must contain at least one non-empty matcher'],
    ['sum(x, y)', 'wrong number of arguments for aggregate expression'],
    ['sum(1)', 'expected type instant vector in aggregation expression, got scalar'],
    ['x offset 1h offset 1h', 'offset modifier must be preceded by a selector, once'],
    ['sum(x) offset 1h', 'offset modifier must be preceded by a selector, once'],
    [`${'('.repeat(500)}1${')'.repeat(500)}`, 'nested more than 64 deep'],
  ])('refuses %j, which is no PromQL', async (text, said) => {
    const message = await refusal(text);
    expect(message).toMatch(/^invalid-argument: invalid parameter "query": \d+:\d+: /);
    expect(message).toContain(said);
  });

  it('refuses anything but a selector where one is asked for', async () => {
    const slices = createTimeSlices();
    await expect(parseSelector({ parameter: 'match[]', text: 'sum(x)' }, slices)).rejects.toThrow(
      'invalid parameter "match[]": 1:1: parse error: a selector such as',
    );
  });

  it('answers any text with an expression or a refusal, never with a bug', async () => {
    const word = fc.constantFrom(
      'x',
      '{',
      '}',
      '"',
      'a="b"',
      'sum',
      'by',
      '(',
      ')',
      'offset',
      '5m',
      '-',
      '1',
      '\\',
      '=~',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        async (text) => {
          const outcome: unknown = await parse(text).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ForescaleError);
        },
      ),
    );
  });
});

describe('a text in quotes', () => {
  it.each([
    ['"a\\nb"', 'a\nb'],
    ["'it\\'s'", "it's"],
    ['`a\\n"`', 'a\\n"'],
    ['"\\x41\\u00e9\\U0001F600\\101"', 'Aé😀A'],
    ['"\\\\"', '\\'],
    ['""', ''],
  ])('%s is %j', (literal, text) => {
    expect(unquote(literal)).toBe(text);
  });

  it.each(['"', '"a', '"a\\"', '"a\\\\\\"', '\'a"', '"\\U00110000"', '"\\z"'])('%s is none', (literal) => {
    expect(unquote(literal)).toBeUndefined();
  });
});

describe('a regular expression', () => {
  it('is matched in linear time: what would stop a backtracking engine for years takes no time', () => {
    const pattern = compilePattern('(a*)*(a|aa)+b');
    expect(pattern.matches('a'.repeat(253))).toBe(false);
    expect(pattern.matches(`${'a'.repeat(252)}b`)).toBe(true);
  });

  it('is refused where it could hold the event loop, however short it is', () => {
    for (const text of [
      '((\\pL?|a){30}){30}',
      '(.?){1000}',
      '(x{1000}){1000}',
      `${'('.repeat(900)}a${')'.repeat(900)}`,
    ]) {
      expect(() => compilePattern(text), text).toThrow(/regular expression|regexp/);
    }
  });

  it('may list hundreds of values', () => {
    const names = Array.from({ length: 400 }, (_, index) => `shop-${index}`);
    const pattern = compilePattern(`(${names.join('|')})`);
    expect(names.every((name) => pattern.matches(name))).toBe(true);
    expect(pattern.matches('shop-400')).toBe(false);
    expect(pattern.named).toEqual(names);
  });
});
