import type { CostResult } from '../cost.ts';
import { ratio, type Section } from './report.ts';

/** Table 6: cost of a series in time and memory, and how it grows. */
export function costSections(cost: CostResult): Section[] {
  return [
    {
      title: 'Cost of a series of 5 min rows, 288 steps ahead',
      notes: [
        `Medians of CPU time on this machine, collector and compiler included, with whatever else ran on it. ${cost.series} series are asked in turn, as a server asks them.`,
      ],
      rows: [
        ['what', 'cost'],
        ['observe a row', `${ratio(cost.observeMicroseconds, 1)} µs`],
        [
          'observe a row and forecast 288 steps with quantiles',
          `${ratio(cost.observeAndForecastMicroseconds, 1)} µs`,
        ],
        [
          'bound of the peak in a decision window, which a decision asks for',
          `${ratio(cost.peakMicroseconds, 1)} µs`,
        ],
        ['cold start from 28 days (8064 rows) with a forecast', `${ratio(cost.coldStartMs, 1)} ms`],
        ['memory after 15 days', `${ratio(cost.kilobytesPerSeries, 1)} KB`],
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
