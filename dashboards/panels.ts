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

/** The one the reader chooses; no panel is tied to a data source of its own. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };

interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface PanelOptions {
  readonly title: string;
  /** What it shows and what to make of it. */
  readonly description: string;
  /** Grafana's name of a unit. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Of the 24 columns. */
  readonly span?: number;
}

interface LinesOptions extends PanelOptions {
  readonly stacked?: boolean;
  /** Points with nothing between them are joined. */
  readonly joined?: boolean;
  /** 0 where the values cannot be lower. */
  readonly min?: number;
  /** The legend of a line and what is special about it. */
  readonly overrides?: Readonly<Record<string, readonly DynamicConfigValue[]>>;
}

/** What is shown as of now looks at the last minutes alone: a dashboard that ends in the future has no newest value. */
const recently = '10m';
const tall = 8;
const low = 4;

/** One number, the newest; a sparkline behind it. */
export function stat(options: PanelOptions): Builder<Panel> {
  const panel = framed(new StatBuilder(), options, { span: 4, height: low })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  return withQueries(panel, options.queries);
}

/** Values over time. */
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

/** Which of several is the case, over time. */
export function states(options: PanelOptions): Builder<Panel> {
  const panel = framed(new StateTimelineBuilder(), options, { span: 12, height: tall })
    .mergeValues(true)
    .mappings([yesOrNo]);
  return withQueries(panel, options.queries);
}

interface ByLabelOptions extends PanelOptions {
  /** The label, a number, that is the horizontal axis. */
  readonly label: string;
  readonly labelUnit: string;
}

/** The newest values over a label that is a number: what is forecast by horizon, what was asked by hour. */
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

/** One table with a row for each value of the label, in its order, and a column for each query. */
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

/** 0 and 1 as words. */
const yesOrNo: ValueMapping = {
  type: MappingType.ValueToText,
  options: {
    '0': { text: 'no', color: 'transparent', index: 0 },
    '1': { text: 'yes', color: 'blue', index: 1 },
  },
};

/** What every kind of panel can be told. */
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
