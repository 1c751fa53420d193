import { lines } from '../panels/lines.ts';
import { gauge, workload } from './series.ts';

export const quality = {
  title: 'Can the forecast be relied on?',
  panels: [
    lines({
      title: 'Share of demand within the bounds, where it is lowest',
      description:
        'Recent share of demand at or below the 99 % and the 90 % bound, at the horizon where each holds least. Values near 99 % and 90 % are right; below 95 % and 80 % there are more short minutes than asked for. The dashboard Forecasts has each horizon.',
      unit: 'percentunit',
      alerts: ['ForescaleCoverageLow'],
      limit: 0.95,
      queries: [
        {
          expr: `min by (quantile) (forescale_forecast_coverage_lowest{${workload}})`,
          legend: 'bound {{quantile}}',
        },
      ],
    }),
    lines({
      title: 'Trust in the forecast',
      description:
        'Influence of the forecast on the signal; an alert fires after half an hour below the dashed line.',
      unit: 'percentunit',
      alerts: ['ForescaleTrustLost'],
      limit: 0.5,
      queries: [{ expr: gauge('forescale_forecast_trust'), legend: 'trust' }],
    }),
  ],
};
