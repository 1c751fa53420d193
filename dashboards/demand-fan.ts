import { bandDownTo, colored, dashed, strong } from './panels/panel.ts';

/** PromQL of what a fan shows. */
interface FanSeries {
  readonly observed: string;
  readonly signal: string;
  readonly quantile: (level: string) => string;
}

/** Queries of a panel that shows demand, the signal, and the forecast with its bounds. */
export function fanQueries({ observed, signal, quantile }: FanSeries) {
  return [
    { expr: observed, legend: 'observed' },
    { expr: signal, legend: 'signal' },
    { expr: quantile('0.5'), legend: 'median' },
    { expr: quantile('0.9'), legend: '90 %' },
    { expr: quantile('0.99'), legend: '99 %' },
  ];
}

/** How the series of {@link fanQueries} are drawn. */
export const fanOverrides = {
  observed: [colored('text'), strong],
  signal: [colored('blue'), strong],
  median: [colored('orange'), strong],
  '90 %': [colored('light-orange'), ...bandDownTo('median')],
  '99 %': [colored('light-orange'), dashed, ...bandDownTo('90 %')],
};
