import type { Kind } from './setting-values.ts';

const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
/** 9999-12-31T23:59:59Z. A larger number was probably meant as milliseconds. */
const latestUnixSeconds = 253_402_300_799;

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

/** Formats a moment for people, in UTC, to the second: `2026-01-05 09:00:00Z`. */
export function formatMoment(unixSeconds: number): string {
  return `${new Date(Math.round(unixSeconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** A moment as a setting's value, unix seconds. */
export const moment: Kind<number> = {
  allowed: 'unix seconds or an ISO time such as 2026-01-05T09:00Z',
  parse: parseMoment,
};
