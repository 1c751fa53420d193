import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { DashboardLink, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { linksFor, pageOfWorkload } from '../links.ts';

/** The data source that the reader chooses on the dashboard; every panel uses it. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface PanelOptions {
  readonly title: string;
  /** Help text of the panel: what it shows and how to read it. */
  readonly description: string;
  /** Grafana's name of a unit. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Width of the panel, in columns of a grid of 24. */
  readonly span?: number;
  /** Alerts whose cause this panel shows; it links to their runbooks and to Forescale's page. */
  readonly alerts?: readonly string[];
  /** Forescale's page that belongs to the panel; the one of the chosen workload unless given. */
  readonly page?: string;
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

/** Grafana's overrides for single lines or columns, by their name. */
export type Overrides = Readonly<Record<string, readonly DynamicConfigValue[]>>;

/** Time range of panels that show the present value, because a dashboard whose range ends in the future has no newest value. */
export const recently = '10m';
/** Heights of panels, in rows of the grid. */
export const heights = { tall: 8, low: 4 } as const;

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
  links(links: Builder<DashboardLink>[]): P;
}

/** Sets what every panel has: title, help, data source, unit, size, and the links of those that show the cause of an alert. */
export function framed<P extends Framed<P>>(
  panel: P,
  { title, description, unit, span, alerts = [], page = pageOfWorkload }: Omit<PanelOptions, 'queries'>,
  { min, ...usual }: { readonly span: number; readonly height: number; readonly min?: number },
): P {
  panel.title(title).description(description).datasource(datasource).unit(unit);
  if (min !== undefined) panel.min(min);
  if (alerts.length > 0) panel.links(linksFor(alerts, page));
  return panel
    .noValue('–')
    .span(span ?? usual.span)
    .height(usual.height);
}

/** Adds the queries that a panel asks over its whole time range. */
export function withQueries<P extends { withTarget(target: DataqueryBuilder): P }>(
  panel: P,
  queries: readonly Query[],
): P {
  for (const [index, { expr, legend }] of queries.entries())
    panel.withTarget(query(index, expr, legend).range());
  return panel;
}

/** The query at a place of a panel. */
export function query(index: number, expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().refId(refIdOf(index)).datasource(datasource).expr(expr).legendFormat(legend);
}

/** Grafana's name of the query at a place: A, B, C and so on. */
export function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
