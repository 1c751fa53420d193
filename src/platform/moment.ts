import { parseDuration } from './duration.ts';
import type { Kind } from './setting-values.ts';

const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
/** 9999-12-31T23:59:59Z. A larger number was probably meant as milliseconds. */
export const latestUnixSeconds = 253_402_300_799;

/**
 * Parses a moment written as unix seconds (whole or decimal) or as ISO 8601; a time without a zone is UTC. Returns unix
 * seconds, or undefined for any other text, including milliseconds.
 */
export function parseMoment(text: string): number | undefined {
  if (/^\d{1,12}(?:\.\d+)?$/.test(text)) {
    return Number(text) <= latestUnixSeconds ? Number(text) : undefined;
  }
  const iso = isoTime.exec(text);
  if (iso === null) return undefined;
  const zoned = iso[1] === undefined && text.length > 10 ? `${text}Z` : text;
  const seconds = Date.parse(zoned.replace(' ', 'T')) / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/**
 * Parses a moment as {@link parseMoment} does, or one relative to now: `now`, `-2h`, `+30m`. A space counts as a plus sign, because
 * that is what query strings make of one.
 */
export function parseMomentAt(text: string, nowSeconds: number): number | undefined {
  if (text === 'now') return nowSeconds;
  const [, sign, length] = /^([-+ ])(\d.*)$/.exec(text) ?? [];
  if (length === undefined) return parseMoment(text);
  const seconds = parseDuration(length);
  if (seconds === undefined) return undefined;
  const moment = nowSeconds + (sign === '-' ? -seconds : seconds);
  return moment >= 0 && moment <= latestUnixSeconds ? moment : undefined;
}

/** A moment as the clocks of a place show it, with what they are ahead of UTC: `2026-01-05T10:00:00+01:00`. */
export function zonedTime(unixSeconds: number, offsetSeconds: number): string {
  const local = new Date(Math.round(unixSeconds + offsetSeconds) * 1000).toISOString().slice(0, 19);
  if (offsetSeconds === 0) return `${local}Z`;
  const minutes = Math.abs(offsetSeconds) / 60;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${local}${offsetSeconds < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** Formats a moment for people, in UTC, to the second: `2026-01-05 09:00:00Z`. */
export function formatMoment(unixSeconds: number): string {
  return `${new Date(Math.round(unixSeconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** A moment as a setting's value, unix seconds. */
export const moment: Kind<number> = {
  allowed: 'unix seconds or an ISO time such as 2026-01-05T09:00Z',
  parse: parseMoment,
};
