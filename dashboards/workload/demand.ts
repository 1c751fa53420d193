import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { gauge, observed, signal, workload } from './series.ts';

/** PromQL for the forecast of each moment that was made one horizon before; it passes through now and ends a horizon ahead. */
const forecast = (quantile: string) =>
  `max(forescale_forecast{${workload}, horizon="$horizon", quantile="${quantile}"} offset \${horizon}s)`;

export const demand = {
  title: 'Demand: what came, what was expected',
  panels: [
    lines({
      title: `Demand, the signal, and what was forecast \${horizon} seconds before ($unit)`,
      description:
        'The forecast that was made one horizon earlier, with its 99 % bound, drawn over the demand that came. It continues right of now for the length of the horizon. The dashboard Forecasts looks further ahead.',
      unit: 'short',
      alerts: ['ForescaleDemandFarBelowForecast', 'ForescaleCoverageLow'],
      // A scaler that has just started has few forecasts.
      joined: true,
      span: 24,
      queries: [
        { expr: observed, legend: 'observed' },
        { expr: signal, legend: 'signal' },
        { expr: forecast('0.5'), legend: 'forecast' },
        { expr: forecast('0.99'), legend: 'bound (99 %)' },
      ],
      overrides: {
        observed: [colored('text'), strong],
        signal: [colored('blue'), strong],
        forecast: [colored('orange'), strong],
        'bound (99 %)': [colored('light-orange'), dashed],
      },
    }),
    lines({
      title: 'Bounds of the peaks that are ahead ($unit)',
      description:
        'What decisions plan for: the bound of the peak within the decision window, and the highest demand up to predictHorizon that is not exceeded nine times of ten.',
      unit: 'short',
      alerts: ['ForescalePredictedPeakAboveMaximum'],
      queries: [
        { expr: observed, legend: 'observed' },
        { expr: gauge('forescale_predicted_peak'), legend: 'within the decision window' },
        { expr: gauge('forescale_forecast_highest'), legend: 'within predictHorizon' },
      ],
      overrides: {
        observed: [colored('text'), strong],
        'within the decision window': [colored('purple')],
        'within predictHorizon': [colored('orange'), dashed],
      },
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
