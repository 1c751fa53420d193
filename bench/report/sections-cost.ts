import type { CostResult } from '../cost.ts';
import { ratio, type Section } from './report.ts';

/** Table 6: cost of a series in time and memory, and how it grows. */
export function costSections(cost: CostResult): Section[] {
  return [
    {
      title: 'Cost of a series of 5 min rows, asked in turn with others',
      notes: [
        'Medians of CPU time on this machine, collector and compiler included, with whatever else ran on it. No series is asked twice in a row, as a server asks them.',
      ],
      rows: [
        ['series', 'a peak, µs', 'a step, µs', 'a step and 288 steps ahead, µs'],
        ...cost.inTurn.map(({ series, peakMicroseconds, stepMicroseconds, stepAndForecastMicroseconds }) => [
          String(series),
          ratio(peakMicroseconds, 1),
          ratio(stepMicroseconds, 1),
          ratio(stepAndForecastMicroseconds, 1),
        ]),
      ],
    },
    {
      title: 'Memory of a series',
      notes: [
        'Of each further one where there are more than take turns in engines. A cold start from 28 days at 5 min, ' +
          `with a forecast, takes ${ratio(cost.coldStartMs, 1)} ms.`,
      ],
      rows: [
        ['rows', 'after', 'series', 'KB'],
        ...cost.memory.map(({ stepSeconds, days, series, kilobytes }) => [
          `${stepSeconds / 60} min`,
          days < 1 ? `${24 * days} h` : `${days} d`,
          String(series),
          ratio(kilobytes, 1),
        ]),
      ],
    },
    {
      title: 'Growth with samples',
      notes: ['Observing all rows of one new series.'],
      rows: [
        ['rows', 'ms', 'µs a row'],
        ...cost.bySamples.map(({ rows, milliseconds }) => [
          String(rows),
          ratio(milliseconds, 1),
          ratio((1000 * milliseconds) / rows, 2),
        ]),
      ],
    },
    {
      title: 'Growth with workloads',
      notes: ['One row and one forecast of 288 steps for each.'],
      rows: [
        ['workloads', 'ms', 'µs a workload', 'KB', 'KB a workload'],
        ...cost.byWorkloads.map(({ workloads, milliseconds, kilobytes }) => [
          String(workloads),
          ratio(milliseconds, 1),
          ratio((1000 * milliseconds) / workloads, 1),
          ratio(kilobytes, 0),
          ratio(kilobytes / workloads, 1),
        ]),
      ],
    },
  ];
}
