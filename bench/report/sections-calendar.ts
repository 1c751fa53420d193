import type { CalendarOutcome, CalendarScore } from '../calendar/measure-calendar.ts';
import { longHorizonsSeconds, shortHorizonsSeconds } from '../horizons.ts';
import { horizonLabel, ratio, type Section, share } from './report.ts';

/** What public holidays that a calendar tells do to errors, on them and on other days. */
export function calendarSection(outcomes: readonly CalendarOutcome[]): Section[] {
  if (outcomes.length === 0) return [];
  const guessed = outcomes.filter(({ place }) => place.isGuessed).map(({ name }) => name);
  const none = outcomes.filter(({ holidaysScored }) => holidaysScored === 0).map(({ name }) => name);
  const horizons = [...shortHorizonsSeconds, ...longHorizonsSeconds].filter((seconds) =>
    outcomes.some(({ horizonsSeconds }) => horizonsSeconds.includes(seconds)),
  );
  return [
    {
      title: 'Public holidays by a calendar: error ÷ that without it',
      notes: [
        'Second half of each trace whose country is known; sums of absolute errors of the same forecasts. Holidays: how many had rows in the first half, and in the second. Bound: the sum of the 0.95 bounds ÷ that without a calendar.',
        ...(none.length === 0 ? [] : [`No holiday with rows in the second half: ${none.join(', ')}.`]),
        ...(guessed.length === 0 ? [] : [`The source does not name the country: ${guessed.join(', ')}.`]),
      ],
      rows: [
        ['trace', 'holidays', 'days', ...horizons.map(horizonLabel), 'all', '.95 covers', 'bound'],
        ...outcomes.flatMap((outcome) => [
          ...(outcome.holidaysScored === 0 ? [] : [rowOf(outcome, horizons, 'holidays', outcome.onHolidays)]),
          rowOf(outcome, horizons, 'other', outcome.onOtherDays),
        ]),
      ],
    },
  ];
}

function rowOf(
  { name, holidaysBefore, holidaysScored, horizonsSeconds }: CalendarOutcome,
  horizons: readonly number[],
  days: string,
  { byHorizon, all, plainCoverage, coverage, bound }: CalendarScore,
): readonly string[] {
  return [
    name,
    `${holidaysBefore} + ${holidaysScored}`,
    days,
    ...horizons.map((seconds) => ratio(byHorizon[horizonsSeconds.indexOf(seconds)], 3)),
    ratio(all, 3),
    `${share(plainCoverage)} → ${share(coverage)}`,
    ratio(bound, 3),
  ];
}
