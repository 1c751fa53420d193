import { lines } from '../panels/lines.ts';
import { namedByHorizon } from './horizons.ts';
import { gauge, workload } from './series.ts';

export const quality = {
  title: 'Can the forecast be relied on?',
  panels: [
    lines({
      title: 'Error of the forecast, by how far ahead',
      description: 'Recent sum of the absolute errors divided by the sum of demand (WAPE).',
      unit: 'percentunit',
      queries: [{ expr: `max by (horizon) (forescale_forecast_wape{${workload}})`, legend: '{{horizon}}' }],
      overrides: namedByHorizon,
    }),
    lines({
      title: 'Share of demand within the 99 % bound, by how far ahead',
      description:
        'Recent share of demand at or below the 99 % bound. A value near 99 % is right; below 95 % there are more short minutes than asked for.',
      unit: 'percentunit',
      alerts: ['ForescaleCoverageLow'],
      limit: 0.95,
      queries: [
        {
          expr: `max by (horizon) (forescale_forecast_coverage{${workload}, quantile="0.99"})`,
          legend: '{{horizon}}',
        },
      ],
      overrides: namedByHorizon,
    }),
    lines({
      title: 'Weights of the models',
      description: 'Weight of each model, averaged over the horizons.',
      unit: 'percentunit',
      stacked: true,
      queries: [{ expr: `avg by (expert) (forescale_model_weight{${workload}})`, legend: '{{expert}}' }],
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
