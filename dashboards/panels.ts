import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DataSourceRef,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  MappingType,
  type Panel,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PanelBuilder as TrendBuilder } from '@grafana/grafana-foundation-sdk/trend';

/** The data source that the reader chooses on the dashboard; every panel uses it. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };

interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface PanelOptions {
  readonly title: string;
  /** Help text of the panel: what it shows and how to read it. */
  readonly description: string;
  /** Grafana's name of a unit. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Width of the panel, in columns of a grid of 24. */
  readonly span?: number;
}

interface StatOptions extends PanelOptions {
  /** Whether to ask for the newest value alone, without a sparkline: for queries over days, of which a range would be dear. */
  readonly isInstant?: boolean;
}

interface LinesOptions extends PanelOptions {
  readonly stacked?: boolean;
  /** Whether neighbouring points are joined by a line across missing values. */
  readonly joined?: boolean;
  /** Lowest value of the vertical axis: 0 where the values cannot be lower. */
  readonly min?: number;
  /** Grafana's overrides for single lines, by the legend of the line. */
  readonly overrides?: Readonly<Record<string, readonly DynamicConfigValue[]>>;
}

/** Grafana override that dashes a line. */
export const dashed = { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } };
/** Grafana override that makes a line thicker. */
export const strong = { id: 'custom.lineWidth', value: 2 };
/** Grafana overrides that fill the space between a line and the lower line named `legend`. */
export const bandDownTo = (legend: string) => [
  { id: 'custom.fillBelowTo', value: legend },
  { id: 'custom.fillOpacity', value: 15 },
];
/** Grafana override that gives a line a colour. */
export const colored = (color: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });

/** Time range of panels that show the present value, because a dashboard whose range ends in the future has no newest value. */
const recently = '10m';
const tall = 8;
const low = 4;

/** Builds a panel that shows the newest value as a number, with a sparkline behind it. */
export function stat(options: StatOptions): Builder<Panel> {
  const panel = framed(new StatBuilder(), options, { span: 4, height: low })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  if (options.isInstant !== true) return withQueries(panel, options.queries);
  for (const [index, { expr, legend }] of options.queries.entries())
    panel.withTarget(query(index, expr, legend).instant());
  return panel;
}

/** Builds a panel that shows values over time as lines. */
export function lines(options: LinesOptions): Builder<Panel> {
  const { queries, stacked, joined, min = 0, overrides = {} } = options;
  const panel = framed(new TimeSeriesBuilder(), options, { span: 12, height: tall, min })
    .drawStyle(GraphDrawStyle.Line)
    .fillOpacity(stacked === true ? 30 : 0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  if (joined === true) panel.spanNulls(true);
  if (stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  for (const [legend, properties] of Object.entries(overrides)) panel.overrideByName(legend, [...properties]);
  return withQueries(panel, queries);
}

/** Builds a panel that shows over time which of several states holds. */
export function states(options: PanelOptions): Builder<Panel> {
  const panel = framed(new StateTimelineBuilder(), options, { span: 12, height: tall })
    .mergeValues(true)
    .mappings([yesOrNo]);
  return withQueries(panel, options.queries);
}

interface ByLabelOptions extends PanelOptions {
  /** Name of the label whose numeric value is the horizontal axis. */
  readonly label: string;
  readonly labelUnit: string;
}

/** Builds a panel that shows the newest values over a numeric label, such as the forecast over the horizon. */
export function byLabel(options: ByLabelOptions): Builder<Panel> {
  const { queries, label, labelUnit } = options;
  const panel = framed(new TrendBuilder(), options, { span: 12, height: tall })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .xField(label)
    .overrideByName(label, [{ id: 'unit', value: labelUnit }])
    .transformations(tableBy(label, queries));
  for (const [index, { expr, legend }] of queries.entries()) {
    panel.withTarget(query(index, expr, legend).instant().format(PromQueryFormat.Table));
  }
  return panel;
}

/**
 * Grafana transformations to one table with a row for each value of `label`, in ascending order, and a column for each query.
 */
function tableBy(label: string, queries: readonly Query[]): DataTransformerConfig[] {
  const columns = queries.map(({ legend }, index) => [
    queries.length === 1 ? 'Value' : `Value #${refIdOf(index)}`,
    legend,
  ]);
  return [
    { id: 'merge', options: {} },
    {
      id: 'convertFieldType',
      options: { conversions: [{ targetField: label, destinationType: 'number' }], fields: {} },
    },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: {},
        renameByName: Object.fromEntries(columns),
      },
    },
    { id: 'sortBy', options: { fields: {}, sort: [{ field: label }] } },
  ];
}

/** Shows 0 and 1 as the words no and yes. */
const yesOrNo: ValueMapping = {
  type: MappingType.ValueToText,
  options: {
    '0': { text: 'no', color: 'transparent', index: 0 },
    '1': { text: 'yes', color: 'blue', index: 1 },
  },
};

/** The methods that the builders of all kinds of panel have in common. */
interface Framed<P> {
  title(text: string): P;
  description(text: string): P;
  datasource(of: DataSourceRef): P;
  unit(name: string): P;
  min(value: number): P;
  noValue(text: string): P;
  span(columns: number): P;
  height(rows: number): P;
}

function framed<P extends Framed<P>>(
  panel: P,
  { title, description, unit, span }: PanelOptions,
  { min, ...usual }: { readonly span: number; readonly height: number; readonly min?: number },
): P {
  panel.title(title).description(description).datasource(datasource).unit(unit);
  if (min !== undefined) panel.min(min);
  return panel
    .noValue('–')
    .span(span ?? usual.span)
    .height(usual.height);
}

function withQueries<P extends { withTarget(target: DataqueryBuilder): P }>(
  panel: P,
  queries: readonly Query[],
): P {
  for (const [index, { expr, legend }] of queries.entries())
    panel.withTarget(query(index, expr, legend).range());
  return panel;
}

function query(index: number, expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().refId(refIdOf(index)).datasource(datasource).expr(expr).legendFormat(legend);
}

function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
