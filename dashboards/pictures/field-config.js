import { Registry } from '@grafana/data';

/** Standard options of a field, by the names that a dashboard's JSON has. */
const standard = [
  'unit',
  'min',
  'max',
  'decimals',
  'displayName',
  'noValue',
  'color',
  'thresholds',
  'mappings',
  'links',
  'fieldMinMax',
  'filterable',
];
/** Options of the panels drawn here, which a panel plugin of Grafana would register; they are below `custom`. */
const ofPanels = [
  'drawStyle',
  'lineWidth',
  'lineStyle',
  'lineInterpolation',
  'fillOpacity',
  'fillBelowTo',
  'spanNulls',
  'stacking',
  'axisPlacement',
  'axisLabel',
  'showPoints',
  'thresholdsStyle',
  'hideFrom',
  'cellOptions',
  'width',
  'align',
  'filterable',
  'axisSoftMax',
  'axisSoftMin',
];

const item = (id, path, isCustom) => ({
  id,
  path,
  isCustom,
  name: id,
  process: (value) => value,
  shouldApply: () => true,
  getItemsCount: () => 0,
});

/** Every option that the dashboards set, so that defaults and overrides of fields reach the components. */
export const fieldConfigRegistry = new Registry(() => [
  ...standard.map((id) => item(id, id, false)),
  ...ofPanels.map((id) => item(`custom.${id}`, id, true)),
]);

/** What Grafana's panel plugins set where a dashboard says nothing. */
export const defaultsOf = {
  timeseries: {
    color: { mode: 'palette-classic' },
    custom: {
      drawStyle: 'line',
      lineInterpolation: 'linear',
      lineWidth: 1,
      fillOpacity: 0,
      gradientMode: 'none',
      showPoints: 'auto',
      pointSize: 5,
      axisPlacement: 'auto',
      scaleDistribution: { type: 'linear' },
      stacking: { mode: 'none', group: 'A' },
      thresholdsStyle: { mode: 'off' },
      spanNulls: false,
      hideFrom: { tooltip: false, viz: false, legend: false },
    },
  },
  stat: {
    color: { mode: 'thresholds' },
    thresholds: { mode: 'absolute', steps: [{ value: null, color: 'green' }] },
  },
  table: { color: { mode: 'thresholds' }, custom: { align: 'auto', cellOptions: { type: 'auto' } } },
};
defaultsOf.trend = defaultsOf.timeseries;
