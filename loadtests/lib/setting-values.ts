import { type Kind, oneOf } from '../../src/platform/setting-values.ts';
import { type Weekday, weekdays } from './week.ts';

/** A base URL without a slash at its end, so that a path can follow. It has no user, because the summary shows it. */
export const url: Kind<string> = {
  allowed: 'an http:// or https:// URL without user and password',
  parse: (text) => (/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) ? text.replace(/\/+$/, '') : undefined),
};

const lowerCase = oneOf(weekdays);

/** A weekday, in whatever case. */
export const weekday: Kind<Weekday> = {
  allowed: lowerCase.allowed,
  parse: (text) => lowerCase.parse(text.toLowerCase()),
};

/** `1` for yes and `0` for no. */
export const zeroOrOne: Kind<boolean> = {
  allowed: '0 or 1',
  parse: (text) => (text === '1' ? true : text === '0' ? false : undefined),
};
