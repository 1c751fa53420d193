import { describe, expect, it } from 'vitest';
import { duration } from '../../../src/platform/duration.ts';
import { moment } from '../../../src/platform/moment.ts';
import {
  anyText,
  autoOr,
  flag,
  type Kind,
  list,
  matching,
  number,
  oneOf,
  pairs,
  ratio,
  someText,
  splitPair,
  whole,
} from '../../../src/platform/setting-values.ts';

describe('a kind of value', () => {
  it.each<[Kind<unknown>, string, readonly [text: string, value: unknown][], readonly string[]]>([
    [anyText, 'any text', [['', '']], []],
    [someText, 'a text that is not empty', [[' a b ', 'a b']], ['', '  ']],
    [matching(/^[a-z]+$/, 'small letters'), 'small letters', [['abc', 'abc']], ['', 'A']],
    [
      number({ from: 0, to: 100 }),
      'a number from 0 to 100',
      [
        ['0', 0],
        ['1e2', 100],
        [' 12.5 ', 12.5],
      ],
      ['', ' ', '-1', '100.1', 'ten', 'NaN', 'Infinity', '1e400', '20%'],
    ],
    [
      number({ above: 0, to: 400, unit: 'days' }),
      'a number of days above 0, at most 400',
      [['400', 400]],
      ['0'],
    ],
    [
      number({ above: 0, below: 1, note: 'such as 0.95' }),
      'a number between 0 and 1, such as 0.95',
      [],
      ['1'],
    ],
    [number({ from: 0, below: 24 }), 'a number from 0 to less than 24', [['23.9', 23.9]], ['24']],
    [number({ from: 0 }), 'a number of at least 0', [['0', 0]], ['-0.1']],
    [number({ above: 0, allowed: 'a rate above 0' }), 'a rate above 0', [['2', 2]], ['0']],
    [ratio({ from: -0.5, to: 1 }), 'a ratio from -0.5 to 1', [['-0.5', -0.5]], ['2']],
    [whole({ from: 1, to: 9 }), 'a whole number from 1 to 9', [['9', 9]], ['1.5', '0', '']],
    [whole({}), 'a whole number', [['-3', -3]], ['0.5', '1e30']],
    [
      duration({ from: '1m', to: '400d', note: 'such as 28d' }),
      'a duration from 1m to 400d, such as 28d',
      [
        ['28d', 2_419_200],
        ['400d', 34_560_000],
      ],
      ['59s', '401d', '5', ''],
    ],
    [duration({ to: '24h' }), 'a duration up to 24h', [['0', 0]], ['25h', '-1s']],
    [moment, 'unix seconds or an ISO time such as 2026-01-05T09:00Z', [['60', 60]], ['soon']],
    [oneOf(['active', 'reactive']), 'active or reactive', [[' active', 'active']], ['on', '']],
    [oneOf(['a', 'b', 'c']), 'one of a, b, c', [['c', 'c']], ['d']],
    [
      flag,
      'true or false',
      [
        ['true', true],
        ['false', false],
      ],
      ['yes', '', 'constructor'],
    ],
    [
      autoOr(whole({ from: 1, to: 9 })),
      'auto, or a whole number from 1 to 9',
      [
        ['auto', 'auto'],
        ['3', 3],
      ],
      ['0'],
    ],
    [
      list(whole({ from: 1, to: 9 }), 'whole numbers'),
      'whole numbers',
      [
        ['1', [1]],
        ['1, 2', [1, 2]],
      ],
      ['', '1,,2', '1,x'],
    ],
    [
      pairs,
      'key=value,key=value',
      [
        ['', {}],
        ['X-A=1, X-B=a=b,', { 'X-A': '1', 'X-B': 'a=b' }],
      ],
      ['a', '=1', ' =1', 'a=1,b'],
    ],
  ])('%# says what is allowed, takes that, and nothing else', (kind, allowed, taken, refused) => {
    expect(kind.allowed).toBe(allowed);
    for (const [text, value] of taken) expect([text, kind.parse(text)]).toEqual([text, value]);
    for (const text of refused) expect([text, kind.parse(text)]).toEqual([text, undefined]);
  });
});

it('a pair is split at its first equals sign, and its sides are left as they are', () => {
  expect(splitPair('a= b=c ')).toEqual(['a', ' b=c ']);
  expect(splitPair('=c')).toBeUndefined();
});
