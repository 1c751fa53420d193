import type { CalendarEvent, ForecasterOptions } from '../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { normal } from './made-series.ts';

/** Ten days before the clocks of Europe were set back, on 27 October 2024; those of Chile were set ahead six weeks before. */
const start = Date.UTC(2024, 9, 17) / 1000;
const startOfChile = Date.UTC(2024, 7, 28) / 1000;

/** A row as a source gives it. */
type Row = readonly [unixSeconds: number, value: number, isCensored: boolean];

/** A trace with everything that can happen to one, drawn from a seed. */
export interface RandomTrace {
  readonly options: ForecasterOptions;
  readonly rows: readonly Row[];
}

/** Something that happens to demand for some steps; undefined = the row is missing. */
type Happening = (value: number, random: () => number) => number | undefined | 'censored';

const happenings: readonly Happening[] = [
  () => undefined,
  () => Number.NaN,
  () => 0,
  (value) => value * 1000,
  (value) => value * 6,
  (value) => value * 0.1,
  () => 'censored',
  (value, random) => (random() < 0.2 ? value * 50 : value),
  (value, random) => (random() < 0.5 ? 0 : value),
];

/** Shapes of demand by the share of the short season that has passed, and by the step. */
const shapes: readonly ((day: number, step: number, random: () => number) => number)[] = [
  (day) => 100 + 80 * Math.sin(2 * Math.PI * day) + (Math.floor(day) % 7 > 4 ? -15 : 0),
  (day) => Math.max(0, 60 * Math.sin(2 * Math.PI * day)),
  (day, step) => 50 + 40 * Math.sin(2 * Math.PI * day) + (step % 37 < 4 ? 90 : 0),
  (_day, _step, random) => 40 + 5 * random(),
  (_day, step) => (step % 41 < 3 ? 30 : 0),
];

/** The kinds of options that tenants set, with the number of short seasons that are worth walking through. */
const kinds: readonly { readonly options: ForecasterOptions; readonly days: number }[] = [
  { options: { stepSeconds: 10, seasonsSeconds: [240, 1680] }, days: 40 },
  { options: { stepSeconds: 5, seasonsSeconds: [480] }, days: 40 },
  { options: { stepSeconds: 3600, timeZone: 'Europe/Berlin' }, days: 40 },
  { options: { stepSeconds: 1800, timeZone: 'America/Santiago', maxHorizonSeconds: 3 * 86_400 }, days: 40 },
  { options: { stepSeconds: 900 }, days: 24 },
  { options: { stepSeconds: 60 }, days: 4 },
  { options: { stepSeconds: 3600, timeZone: 'Europe/Berlin', events: eventsOfCalendar() }, days: 40 },
];

/** Events of every kind, some of which come several times and two of which overlap. */
function eventsOfCalendar(): CalendarEvent[] {
  const at = (from: number, to: number, kind: string, effect: CalendarEvent['effect']): CalendarEvent => ({
    startSeconds: start + from * 86_400,
    endSeconds: start + to * 86_400,
    kind,
    name: kind,
    effect,
    rampSeconds: from % 1 === 0 ? 0 : 7200,
  });
  return [
    ...[9, 16, 22, 31].map((day) => at(day, day + 1, 'holiday', { type: 'learned', like: 'sunday' })),
    ...[11.3, 18.3, 27.3].map((day) => at(day, day + 0.2, 'sale', { type: 'learned' })),
    at(22.4, 22.6, 'match', { type: 'given', ratio: 2.5 }),
    at(24, 25.5, 'load test', { type: 'ignored' }),
    at(33, 37, 'fair', { type: 'given', ratio: 0.6, occurrences: 1 }),
  ];
}

export function randomTrace(seed: number): RandomTrace {
  const random = createRandom(seed);
  const pick = <T>(all: readonly T[]): T => taken(all, Math.floor(random() * all.length));
  const { options, days } = taken(kinds, seed % kinds.length);
  const shape = pick(shapes);
  const { stepSeconds, seasonsSeconds: [short = 86_400] = [] } = options;
  const stepsPerDay = short / stepSeconds;
  const from = options.timeZone === 'America/Santiago' ? startOfChile : start;
  const rows: Row[] = [];
  let happening: Happening | undefined;
  let left = 0;
  for (let step = 1; step <= days * stepsPerDay; step++) {
    if (left-- <= 0) {
      happening = random() < 0.5 ? pick(happenings) : undefined;
      left = Math.ceil(stepsPerDay * (happening === undefined ? 3 * random() : 0.4 * random() ** 3));
    }
    const usual = shape(step / stepsPerDay, step, random);
    const clean = Math.max(0, usual + Math.sqrt(usual) * 0.4 * normal(random));
    const value = happening === undefined ? clean : happening(clean, random);
    if (value === undefined) continue;
    const time = from + step * stepSeconds;
    rows.push(value === 'censored' ? [time, clean * 0.7, true] : [time, value, false]);
  }
  return { options, rows };
}

function taken<T>(all: readonly T[], index: number): T {
  const one = all[index];
  if (one === undefined) throw new RangeError(`there is no number ${index} of ${all.length}`);
  return one;
}
