import { damages } from '../robustness/damage.ts';
import type { DamageOutcome } from '../robustness/robustness.ts';
import { ratio, type Section, share } from './report.ts';

/** Kinds of damage that are judged by the change of WAPE. */
export const wapeDamages = ['gaps', 'hole', 'spike', 'outage'] as const;

/** Table 4: the effect of damage to the rows. */
export function robustnessSections(outcomes: readonly DamageOutcome[]): Section[] {
  if (outcomes.length === 0) return [];
  const series = [...new Set(outcomes.map((outcome) => outcome.series))];
  const of = (name: string, damage: keyof typeof damages) =>
    outcomes.find((outcome) => outcome.series === name && outcome.damage === damage);
  const points = (value: number | undefined) => ratio(100 * (value ?? Number.NaN));
  const meanRow = [
    'mean',
    ...wapeDamages.map((damage) => points(meanOf(outcomes, damage, ({ wapeChange }) => wapeChange))),
    share(meanOf(outcomes, 'levelShift', ({ coverage }) => coverage)),
    share(meanOf(outcomes, 'levelShift', ({ cleanCoverage }) => cleanCoverage)),
    share(meanOf(outcomes, 'clipped', ({ medianChange }) => medianChange)),
    share(meanOf(outcomes, 'clipped', ({ boundChange }) => boundChange)),
  ];
  return [
    {
      title: 'Clean seasonal series with damage',
      notes: [
        'Change of WAPE at 30 min over the 24 h after, against the clean truth, in points: ' +
          `${wapeDamages.map((damage) => `${damage} = ${damages[damage].title}`).join(', ')}.`,
        'Shift: coverage of the 0.95 from 24 h to 48 h after a level shift ×1.5, and there without it.',
        'Clipped: change of median and 0.95 bound over 48 h when for 24 h the highest fifth of the rows is clipped and marked as censored.',
      ],
      rows: [
        ['series', ...wapeDamages, 'shift .95', '(clean)', 'clipped median', 'clipped .95'],
        ...series.map((name) => [
          name,
          ...wapeDamages.map((damage) => points(of(name, damage)?.wapeChange)),
          share(of(name, 'levelShift')?.coverage),
          share(of(name, 'levelShift')?.cleanCoverage),
          share(of(name, 'clipped')?.medianChange),
          share(of(name, 'clipped')?.boundChange),
        ]),
        meanRow,
      ],
    },
  ];
}

export function meanOf(
  outcomes: readonly DamageOutcome[],
  damage: keyof typeof damages,
  of: (outcome: DamageOutcome) => number,
): number {
  const values = outcomes.filter((outcome) => outcome.damage === damage).map(of);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
