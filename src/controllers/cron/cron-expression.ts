import type { LocalMinute } from './local-minute.ts';

/** A cron expression of five fields, read. */
export interface CronExpression {
  matchesDay(local: LocalMinute): boolean;
  matchesTime(local: LocalMinute): boolean;
}

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: months },
  { from: 0, to: 6, names: weekdays },
];

/**
 * Reads minute, hour, day of month, month and day of week; undefined where they are not understood. Where both days are restricted
 * one of them is enough. Source: robfig/cron v3, ParseStandard, which KEDA uses; its descriptors such as @daily are not read.
 */
export function parseCronExpression(text: string): CronExpression | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) return undefined;
  const sets = parts.map((part, index) => valuesOf(part, fields[index]!));
  const [minutes, hours, days, monthNumbers, dayNumbers] = sets;
  if (!minutes || !hours || !days || !monthNumbers || !dayNumbers) return undefined;
  const isAny = (index: number) => /^[*?]/.test(parts[index] ?? '');
  const isEither = !isAny(2) && !isAny(4);
  return {
    matchesDay({ dayOfMonth, month, weekday }) {
      const [byDate, byName] = [days.has(dayOfMonth), dayNumbers.has(weekday)];
      return monthNumbers.has(month) && (isEither ? byDate || byName : byDate && byName);
    },
    matchesTime: ({ minute, hour }) => minutes.has(minute) && hours.has(hour),
  };
}

function valuesOf(part: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const piece of part.split(',')) {
    const [range = '', step = '1', ...more] = piece.split('/');
    const span = spanOf(range, field, piece.includes('/'));
    const by = /^\d+$/.test(step) ? Number(step) : 0;
    if (span === undefined || by === 0 || more.length > 0) return undefined;
    for (let value = span.from; value <= span.to; value += by) values.add(value);
  }
  return values;
}

/** `*`, `?`, one value, or `from-to`; one value with a step goes on to the end of the field. */
function spanOf(range: string, field: Field, hasStep: boolean): Field | undefined {
  if (range === '*' || range === '?') return field;
  const [from, to, ...more] = range.split('-').map((text) => fieldValue(text, field));
  if (from === undefined || more.length > 0) return undefined;
  if (!range.includes('-')) return { from, to: hasStep ? field.to : from };
  return to === undefined || to < from ? undefined : { from, to };
}

function fieldValue(text: string, { from, to, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return from + named;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}
