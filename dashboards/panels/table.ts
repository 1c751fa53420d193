import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TrendBuilder } from '@grafana/grafana-foundation-sdk/trend';
import {
  framed,
  heights,
  type Overrides,
  type PanelOptions,
  type Query,
  query,
  recently,
  refIdOf,
} from './panel.ts';

interface TableOptions extends PanelOptions {
  /** Height of the panel, in rows of the grid. */
  readonly height: number;
  /** Columns by the labels that they show, in their order; the values of the queries follow. */
  readonly labels: Readonly<Record<string, string>>;
  /** Column by which the rows are sorted, largest value first. */
  readonly worstBy: string;
  /** Columns of values that stand before the labels. */
  readonly leading?: readonly string[];
  readonly overrides: Overrides;
}

/** Builds a table of the newest values with a row for each combination of labels and a column for each query. */
export function table(options: TableOptions): Builder<Panel> {
  const { queries, labels, worstBy, leading = [], overrides, height } = options;
  const columns = { ...labels, ...namesOfValues(queries) };
  const isLeading = (name: string) => leading.includes(columns[name] ?? '');
  const ordered = Object.keys(columns).sort((a, b) => Number(isLeading(b)) - Number(isLeading(a)));
  const panel = framed(new PanelBuilder(), options, { span: 24, height })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .showHeader(true)
    .cellHeight(TableCellHeight.Sm)
    .transformations([
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(ordered.map((name, index) => [name, index])),
          renameByName: columns,
        },
      },
      { id: 'sortBy', options: { fields: {}, sort: [{ field: worstBy, desc: true }] } },
    ]);
  for (const [column, properties] of Object.entries(overrides)) panel.overrideByName(column, [...properties]);
  return withTableQueries(panel, queries);
}

interface ByLabelOptions extends PanelOptions {
  /** Name of the label whose numeric value is the horizontal axis. */
  readonly label: string;
  readonly labelUnit: string;
}

/** Builds a panel that shows the newest values over a numeric label, such as the forecast over the horizon. */
export function byLabel(options: ByLabelOptions): Builder<Panel> {
  const { queries, label, labelUnit } = options;
  const panel = framed(new TrendBuilder(), options, { span: 12, height: heights.tall })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .xField(label)
    .overrideByName(label, [{ id: 'unit', value: labelUnit }])
    .transformations(tableBy(label, queries));
  return withTableQueries(panel, queries);
}

/**
 * Grafana transformations to one table with a row for each value of `label`, in ascending order, and a column for each query.
 */
function tableBy(label: string, queries: readonly Query[]): DataTransformerConfig[] {
  return [
    { id: 'merge', options: {} },
    {
      id: 'convertFieldType',
      options: { conversions: [{ targetField: label, destinationType: 'number' }], fields: {} },
    },
    {
      id: 'organize',
      options: { excludeByName: { Time: true }, indexByName: {}, renameByName: namesOfValues(queries) },
    },
    { id: 'sortBy', options: { fields: {}, sort: [{ field: label }] } },
  ];
}

/** Legends by the names that Grafana gives the values of queries in a table. */
function namesOfValues(queries: readonly Query[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    queries.map(({ legend }, index) => [queries.length === 1 ? 'Value' : `Value #${refIdOf(index)}`, legend]),
  );
}

function withTableQueries<P extends { withTarget(target: ReturnType<typeof query>): P }>(
  panel: P,
  queries: readonly Query[],
): P {
  for (const [index, { expr, legend }] of queries.entries())
    panel.withTarget(query(index, expr, legend).instant().format(PromQueryFormat.Table));
  return panel;
}
