import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Where the links of a dashboard lead: hidden variables with an address each, which the chart's values set. */
const addresses = {
  forescale: { label: 'Address of Forescale’s page', usual: 'http://localhost:8080' },
  runbooks: { label: 'Address of docs/runbooks.md', usual: 'docs/runbooks.md' },
} as const;

/** Forescale's page of the workload that is chosen on the dashboard. */
export const pageOfWorkload = `\${forescale}/#/\${namespace}/\${workload}`;
/** Forescale's page of all workloads. */
export const pageOfAll = `\${forescale}/`;

/** The variables with the addresses of links. */
export const addressVariables: readonly Builder<VariableModel>[] = Object.entries(addresses).map(
  ([name, { label, usual }]) =>
    new TextBoxVariableBuilder(name)
      .label(label)
      .defaultValue(usual)
      .current({ selected: true, text: usual, value: usual })
      .hide(VariableHide.HideVariable),
);

/** A link to another address, which opens beside Grafana. */
export function linkTo(title: string, url: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}

/** The links of a panel that shows the cause of `alerts`: the section of each alert in the runbooks, and Forescale's page. */
export function linksFor(alerts: readonly string[], page: string): Builder<DashboardLink>[] {
  return [
    ...alerts.map((alert) => linkTo(`Runbook: ${alert}`, `\${runbooks}#${alert.toLowerCase()}`)),
    linkTo('Forescale’s page', page),
  ];
}
