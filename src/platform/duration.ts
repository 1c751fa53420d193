import { allowedWords, isWithin, type Kind, list, type Range, type Words } from './setting-values.ts';

const secondsPerUnit = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/**
 * Seconds of a duration as Prometheus and Go write it: `90s`, `2h`, `7d`, `1h30m`, `1.5h`, `250ms`, and a bare
 * `0`. `undefined` when the text is anything else (a bare number has no unit, so it is refused).
 * Sources: Prometheus docs "Time durations"; Go time.ParseDuration.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/.test(trimmed)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)) {
    seconds += Number(number) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
  }
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** A duration in seconds as a short text that parseDuration reads back: 5400 → `1h30m`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0s';
  const parts: string[] = [];
  let rest = Math.round(seconds * 1000);
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const ms = secondsPerUnit[unit] * 1000;
    const count = Math.floor(rest / ms);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * ms;
  }
  return parts.join('');
}

/** A duration within a range, in seconds. Its limits are written as durations too: "a duration from 1m to 400d". */
export function duration(options: Range<string> & Words): Kind<number> {
  const toSeconds = (limit: string) => parseDuration(limit) ?? Number.NaN;
  return {
    allowed: allowedWords('a duration', options),
    parse(text) {
      const seconds = parseDuration(text);
      return seconds !== undefined && isWithin(seconds, options, toSeconds) ? seconds : undefined;
    },
  };
}

/** Durations between the ends of a range that are drawn from. */
const drawsOfRange = 20;
const mostDraws = 1000;

/** How long something takes, in seconds: one duration, or several that are drawn from evenly. */
export const durationDraws: Kind<number | readonly number[]> = {
  allowed: 'a duration such as 120s, a range such as 90s..240s, or a list such as 60s,75s,200s',
  parse(text) {
    const [from, to, ...more] = text.split('..').map(parseDuration);
    if (to !== undefined && more.length === 0) {
      if (from === undefined || to <= from) return undefined;
      return Array.from({ length: drawsOfRange }, (_, i) => from + ((to - from) * i) / (drawsOfRange - 1));
    }
    const seconds = text.includes('..') ? undefined : list(duration({}), undefined, mostDraws).parse(text);
    return seconds?.length === 1 ? seconds[0] : seconds;
  },
};
