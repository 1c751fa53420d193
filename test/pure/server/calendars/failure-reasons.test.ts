import { expect, it } from 'vitest';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { failureOf } from '../../../../src/server/calendars/failure-reasons.ts';

const ofFiles = (code: string) => Object.assign(new Error(code), { code });

it.each([
  [ofFiles('ENOENT'), 'not-found'],
  [new ForescaleError('not-found', 'it answers 404'), 'not-found'],
  [ofFiles('EACCES'), 'refused'],
  [new ForescaleError('source-rejected', 'it answers 302'), 'refused'],
  [new ForescaleError('source-unreachable', 'nobody listens'), 'unreachable'],
  [new ForescaleError('source-timeout', '20 s'), 'timeout'],
  [new ForescaleError('too-large', '11 MiB'), 'too-large'],
  [new Error('it is cut off'), 'unreadable'],
  ['odd', 'unreadable'],
])('%s is %s', (error, reason) => {
  expect(failureOf(error)).toBe(reason);
});
