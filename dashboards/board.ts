import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { datasource } from './panels.ts';

interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

interface Annotation {
  readonly name: string;
  readonly color: string;
  /** PromQL; the dashboard marks the times at which its value is above zero. */
  readonly expr: string;
}

export interface Board {
  readonly title: string;
  readonly uid: string;
  readonly description: string;
  readonly from: string;
  readonly to: string;
  readonly variables: readonly Builder<VariableModel>[];
  /** The data source that is chosen at first, by its uid and name; otherwise Grafana's default. Only its like can be chosen then. */
  readonly source?: { readonly uid: string; readonly name: string };
  readonly annotations?: readonly Annotation[];
  readonly rows: readonly Row[];
}

const tag = 'forescale';

/** Builds a dashboard that is read-only in Grafana, because its source is in this folder. */
export function buildBoard(board: Board): Dashboard {
  const dashboard = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags([tag])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: board.to })
    .refresh('10s')
    .variables([datasourceVariable(board.source), ...board.variables])
    .annotations((board.annotations ?? []).map(annotation))
    .link(
      new DashboardLinkBuilder('Dashboards of Forescale')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .keepTime(true),
    );
  for (const { title, panels } of board.rows) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  const built = dashboard.build();
  for (const [index, panel] of (built.panels ?? []).entries()) panel.id = index + 1;
  return built;
}

function datasourceVariable(source: Board['source']): Builder<VariableModel> {
  const variable = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  return source === undefined
    ? variable.current({ selected: true, text: 'default', value: 'default' })
    : variable.regex(`/${source.name}/i`).current({ selected: true, text: source.name, value: source.uid });
}

/** Builds a dashboard variable whose choices are all values of a label. */
export function labelVariable(
  name: string,
  label: string,
  { of, isOne = false }: { readonly of: string; readonly isOne?: boolean },
): Builder<VariableModel> {
  const query = `label_values(${of}, ${label})`;
  const variable = new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NumericalAsc);
  if (isOne) return variable;
  return variable
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** Builds a dashboard variable with given choices, of which the first is selected. */
export function choiceVariable(
  name: string,
  label: string,
  values: readonly string[],
): Builder<VariableModel> {
  const [first = ''] = values;
  return new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .current({ selected: true, text: first, value: first })
    .options(values.map((value) => ({ selected: value === first, text: value, value })));
}

function annotation({ name, color, expr }: Annotation): Builder<ReturnType<AnnotationQueryBuilder['build']>> {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(name)
    .target(new DataqueryBuilder().refId('Anno').datasource(datasource).expr(expr).legendFormat(name));
}
