import { faults } from '../damage.ts';
import type { FaultOutcome } from '../robustness.ts';
import { ratio, type Section, share } from './report.ts';

/** Faults judged by the change of WAPE. */
export const wapeFaults = ['gaps', 'hole', 'spike', 'outage'] as const;

/** Table 4: what faults in the rows do. */
export function robustnessSections(outcomes: readonly FaultOutcome[]): Section[] {
  if (outcomes.length === 0) return [];
  const series = [...new Set(outcomes.map((outcome) => outcome.series))];
  const of = (name: string, fault: keyof typeof faults) =>
    outcomes.find((outcome) => outcome.series === name && outcome.fault === fault);
  const points = (value: number | undefined) => ratio(100 * (value ?? Number.NaN));
  const meanRow = [
    'mean',
    ...wapeFaults.map((fault) => points(meanOf(outcomes, fault, ({ wapeChange }) => wapeChange))),
    share(meanOf(outcomes, 'levelShift', ({ coverage }) => coverage)),
    share(meanOf(outcomes, 'levelShift', ({ cleanCoverage }) => cleanCoverage)),
    share(meanOf(outcomes, 'clipped', ({ medianChange }) => medianChange)),
    share(meanOf(outcomes, 'clipped', ({ boundChange }) => boundChange)),
  ];
  return [
    {
      title: 'Faults put into clean seasonal series',
      notes: [
        'Change of WAPE at 30 min over the 24 h after, against the clean truth, in points: ' +
          `${wapeFaults.map((fault) => `${fault} = ${faults[fault].title}`).join(', ')}.`,
        'Shift: coverage of the 0.95 from 24 h to 48 h after a level shift ×1.5, and there without it.',
        'Clipped: change of median and 0.95 bound over 48 h when for 24 h the highest fifth of the rows is clipped and marked as censored.',
      ],
      rows: [
        ['series', ...wapeFaults, 'shift .95', '(clean)', 'clipped median', 'clipped .95'],
        ...series.map((name) => [
          name,
          ...wapeFaults.map((fault) => points(of(name, fault)?.wapeChange)),
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
  outcomes: readonly FaultOutcome[],
  fault: keyof typeof faults,
  of: (outcome: FaultOutcome) => number,
): number {
  const values = outcomes.filter((outcome) => outcome.fault === fault).map(of);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
