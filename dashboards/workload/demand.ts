import { fanOverrides, fanQueries } from '../demand-fan.ts';
import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { byLabel } from '../panels/table.ts';
import { withinBoard } from './horizons.ts';
import { gauge, observed, signal, workload } from './series.ts';

const forecastAtIssue = (quantile: string) =>
  `max(forescale_forecast{${workload}, horizon="$horizon", quantile="${quantile}"} offset \${horizon}s)`;
/**
 * PromQL for the newest forecast of each moment: the shortest horizon that has a value wins. In a graph it is one line that
 * passes through now and ends two hours ahead, where the dashboard does.
 */
const freshest = (quantile: string) =>
  withinBoard
    .map(
      (horizon) =>
        `max(forescale_forecast{${workload}, horizon="${horizon}", quantile="${quantile}"} offset ${horizon}s)`,
    )
    .join(' or ');

export const demand = {
  title: 'Demand: what came, what is expected',
  panels: [
    lines({
      title: 'Demand, the signal, and the forecast of the next two hours ($unit)',
      description:
        'Right of now: the newest forecast for each moment, with its 90 % and 99 % bounds. Left of now: the forecast made shortly before, and the demand that came. The dashboard Forecasts looks further ahead.',
      unit: 'short',
      alerts: ['ForescaleDemandFarBelowForecast'],
      // A scaler that has just started has one forecast for each horizon and none for the times in between.
      joined: true,
      span: 24,
      queries: fanQueries({ observed, signal, quantile: freshest }),
      overrides: fanOverrides,
    }),
    lines({
      title: `Demand, and what was forecast for it \${horizon:text} before ($unit)`,
      description:
        'The forecast that was made one horizon earlier, drawn over the demand that came. It continues right of now for the length of the horizon.',
      unit: 'short',
      alerts: ['ForescaleCoverageLow'],
      span: 24,
      queries: [
        { expr: observed, legend: 'observed' },
        { expr: forecastAtIssue('0.5'), legend: 'forecast' },
        { expr: forecastAtIssue('0.99'), legend: 'bound (99 %)' },
        { expr: gauge('forescale_predicted_peak'), legend: 'bound of the next peak' },
      ],
      overrides: {
        observed: [colored('text'), strong],
        forecast: [colored('orange'), dashed],
        'bound (99 %)': [colored('light-orange'), dashed],
        'bound of the next peak': [colored('purple')],
      },
    }),
    byLabel({
      title: 'Forecast from now on, by how far ahead ($unit)',
      description: 'The current forecast by horizon: the median, and the 90 % and 99 % bounds.',
      unit: 'short',
      label: 'horizon',
      labelUnit: 's',
      queries: ['0.5', '0.9', '0.99'].map((quantile) => ({
        expr: `max by (horizon) (forescale_forecast{${workload}, quantile="${quantile}"})`,
        legend: quantile === '0.5' ? 'median' : `${Number(quantile) * 100} %`,
      })),
    }),
    lines({
      title: 'Capacity that is kept ready beyond the demand ($unit)',
      description:
        'How far the signal exceeds the observed demand: the capacity that is ready before the load.',
      unit: 'short',
      queries: [{ expr: `${signal} - ${observed}`, legend: 'ready beyond demand' }],
    }),
  ],
};
