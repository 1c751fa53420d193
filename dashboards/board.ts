import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { addressVariables, linkTo } from './links.ts';
import { datasource } from './panels/panel.ts';
import { datasourceVariable, type SourceChoice } from './variables.ts';

interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

interface Annotation {
  readonly name: string;
  readonly color: string;
  /** PromQL; the dashboard marks the times at which its value is above zero. */
  readonly expr: string;
  /** What each mark says, with labels such as `{{event}}` (default: the name). */
  readonly title?: string;
}

export interface Board {
  readonly title: string;
  readonly uid: string;
  readonly description: string;
  readonly from: string;
  readonly to: string;
  readonly variables: readonly Builder<VariableModel>[];
  /** Forescale's page that shows the same as the dashboard. */
  readonly page: string;
  /** The data source that is chosen at first, by its uid and name; otherwise Grafana's default. Only its like can be chosen then. */
  readonly source?: SourceChoice;
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
    .refresh('30s')
    .variables([datasourceVariable(board.source), ...board.variables, ...addressVariables])
    .annotations((board.annotations ?? []).map(annotation))
    .link(
      new DashboardLinkBuilder('Dashboards of Forescale')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .keepTime(true),
    )
    .link(linkTo('Forescale’s page', board.page))
    .link(linkTo('Runbooks', `\${runbooks}`));
  for (const { title, panels } of board.rows) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  const built = dashboard.build();
  for (const [index, panel] of (built.panels ?? []).entries()) panel.id = index + 1;
  return built;
}

function annotation({
  name,
  color,
  expr,
  title = name,
}: Annotation): Builder<ReturnType<AnnotationQueryBuilder['build']>> {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(title)
    .target(new DataqueryBuilder().refId('Anno').datasource(datasource).expr(expr).legendFormat(title));
}
