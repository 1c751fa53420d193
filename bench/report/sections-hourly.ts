import type { HourlyResult } from '../hourly/hourly.ts';
import { ratio, type Section, share } from './report.ts';

/** Table 5: the setting of M4 Hourly on the hourly means of the traces. */
export function hourlySection(hourly: HourlyResult | undefined): Section[] {
  if (hourly === undefined) return [];
  const byTrace = hourly.traces.map(
    ({ name, windows, maseRatio }) => `${name} ${ratio(maseRatio)} (${windows})`,
  );
  return [
    {
      title: 'Hourly series, 48 hours ahead of up to 960',
      notes: [
        `${hourly.windows} windows of 700 and more hourly means from ${hourly.traces.length} traces; each trace weighs the same.`,
        `Our central 95 % interval covers ${share(hourly.coverage)}; ${ratio(hourly.millisecondsPerWindow, 1)} ms a window.`,
        `Weighted quantile loss of our deciles: ${ratio(hourly.wql, 4)}; many at once ${ratio(hourly.wqlTogether, 4)}.`,
        `MASE ÷ that of the daily seasonal naive (windows): ${byTrace.join(', ')}.`,
      ],
      rows: [
        ['method', 'sMAPE', 'MASE', 'OWA'],
        ...hourly.methods.map(({ method, smape, mase, owa }) => [
          method,
          ratio(smape),
          ratio(mase, 3),
          ratio(owa, 3),
        ]),
      ],
    },
  ];
}
