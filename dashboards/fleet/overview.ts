import { pageOfAll } from '../links.ts';
import { stat } from '../panels/stat.ts';
import { table } from '../panels/table.ts';
import { cellsJudged } from '../panels/thresholds.ts';
import { attention, attentionWords, ofEach, ofTriggers, workloads } from './attention.ts';

const alerts = '{alertname=~"(Forescale|Keda).+"}';
const alertLabels = 'alertname, severity, namespace, name';
const firing = 'ALERTS{alertname=~"(Forescale|Keda).+", alertstate="firing"}';

/** Alerts about KEDA have the name of the ScaledObject in another label. */
const named = (of: string) => `label_replace(${of}, "name", "$1", "scaledObject", "(.+)")`;

/** Links of a cell to the dashboard of its workload and to Forescale's page of it. */
const toWorkload = {
  id: 'links',
  value: [
    {
      title: 'Dashboard of this workload',
      url: `/d/forescale?var-datasource=\${datasource}&var-namespace=\${__data.fields.Namespace}&var-workload=\${__data.fields.Workload}`,
    },
    {
      title: 'Forescale’s page of it',
      url: `\${forescale}/#/\${__data.fields.Namespace}/\${__data.fields.Workload}`,
      targetBlank: true,
    },
  ],
};
const width = (pixels: number) => ({ id: 'custom.width', value: pixels });
const unit = (name: string) => ({ id: 'unit', value: name });
const background = { id: 'custom.cellOptions', value: { type: 'color-background' } };

/** The observed demand of each workload, with what it is counted in as a label. */
const observedInUnit = `max by (namespace, name, unit) (${ofTriggers('forescale_observed')} * on (namespace, name, trigger) group_left (unit) max by (namespace, name, trigger, unit) (forescale_workload_info{${workloads}}))`;

/** How many workloads are in a state of {@link attention}. */
const countOf = (state: number) => `count((${attention}) == ${state}) or vector(0)`;

export const overview = {
  title: 'What needs you',
  panels: [
    stat({
      title: 'Alerts that fire',
      description: 'Alerts of Forescale and of KEDA that fire now. The table below lists them.',
      unit: 'short',
      span: 4,
      page: pageOfAll,
      alerts: ['ForescaleDown'],
      judged: { above: { warning: 1 } },
      queries: [{ expr: `count(${firing}) or vector(0)`, legend: 'alerts' }],
    }),
    stat({
      title: 'Workloads without data',
      description:
        'Workloads of which nothing fresh is observed: the last good value is held, or KEDA gets an error.',
      unit: 'short',
      span: 4,
      page: pageOfAll,
      alerts: ['ForescaleFallbackActive', 'ForescaleBlind'],
      judged: { above: { warning: 1, critical: 1 } },
      queries: [{ expr: countOf(3), legend: 'without data' }],
    }),
    stat({
      title: 'Workloads with a warning',
      description:
        'Workloads with an alert that fires, with their error budget overspent, or with a forecast that is not trusted.',
      unit: 'short',
      span: 4,
      page: pageOfAll,
      alerts: ['ForescaleTrustLost', 'ForescaleCoverageLow'],
      judged: { above: { warning: 1 } },
      queries: [{ expr: countOf(2), legend: 'warnings' }],
    }),
    stat({
      title: 'Workloads still learning',
      description: 'Workloads with a signal and without a forecast yet: they scale on the observed demand.',
      unit: 'short',
      span: 4,
      queries: [{ expr: countOf(1), legend: 'learning' }],
    }),
    stat({
      title: 'Workloads in all',
      description: 'Number of workloads this scaler knows. Each trigger of a ScaledObject counts as one.',
      unit: 'short',
      span: 4,
      queries: [
        { expr: 'max(forescale_workloads{job=~"$job", instance=~"$instance"})', legend: 'workloads' },
      ],
    }),
    stat({
      title: 'Replicas asked for in all',
      description: 'Replicas that the signals of all workloads ask for together.',
      unit: 'short',
      span: 4,
      queries: [{ expr: `sum(${ofEach('forescale_replicas_wanted')})`, legend: 'replicas' }],
    }),
    table({
      title: 'All workloads, worst first',
      description:
        'One row for each workload that KEDA has asked for; a click on its name leads to its dashboard and to Forescale’s page. Served and budget are of the last 7 days; the budget is the short time that the service level allows.',
      unit: 'short',
      height: 12,
      alerts: ['ForescaleFallbackActive', 'ForescaleTrustLost', 'ForescalePredictedPeakAboveMaximum'],
      page: pageOfAll,
      labels: { namespace: 'Namespace', name: 'Workload', unit: 'Unit' },
      worstBy: 'State',
      leading: ['State'],
      queries: [
        { expr: attention, legend: 'State' },
        { expr: observedInUnit, legend: 'Demand' },
        { expr: ofEach('forescale_signal'), legend: 'Told to KEDA' },
        { expr: ofEach('forescale_replicas_wanted'), legend: 'Replicas asked' },
        {
          expr: `max by (namespace, name) (label_replace(kube_horizontalpodautoscaler_spec_max_replicas{namespace=~"$namespace"}, "name", "$1", "horizontalpodautoscaler", "keda-hpa-(.+)")) and ${ofEach('forescale_threshold')}`,
          legend: 'Maximum',
        },
        { expr: ofEach('forescale_forecast_trust'), legend: 'Trust' },
        { expr: ofEach('forescale_achieved_service', ', window="7d"'), legend: 'Time served' },
        { expr: ofEach('forescale_error_budget_left_ratio'), legend: 'Budget left' },
        { expr: ofEach('forescale_history_age_seconds'), legend: 'Age of history' },
      ],
      overrides: {
        State: [{ id: 'mappings', value: [attentionWords] }, background, width(80)],
        Namespace: [width(130)],
        Workload: [toWorkload],
        Unit: [width(120)],
        Demand: [width(90)],
        'Replicas asked': [width(120)],
        Maximum: [width(100)],
        Trust: [unit('percentunit'), width(80), ...cellsJudged({ below: { warning: 0.99, critical: 0.5 } })],
        'Time served': [
          unit('percentunit'),
          width(110),
          ...cellsJudged({ below: { warning: 0.99, critical: 0.95 } }),
        ],
        'Budget left': [
          unit('percentunit'),
          width(105),
          ...cellsJudged({ below: { warning: 0.25, critical: 0 } }),
        ],
        'Age of history': [
          unit('s'),
          width(115),
          ...cellsJudged({ above: { warning: 900, critical: 1800 } }),
        ],
      },
    }),
    table({
      title: 'Alerts that fire, newest first',
      description:
        'Alerts of Forescale and of KEDA that fire now, with the time since when their cause holds; empty while none fires. The runbooks have a section for each, by its name.',
      unit: 'short',
      height: 7,
      alerts: ['ForescaleDown'],
      page: pageOfAll,
      labels: { severity: 'Severity', alertname: 'Alert', namespace: 'Namespace', name: 'Workload' },
      worstBy: 'Since',
      queries: [
        {
          expr: `1000 * max by (${alertLabels}) (${named(`ALERTS_FOR_STATE${alerts}`)}) and on (${alertLabels}) ${named(firing)}`,
          legend: 'Since',
        },
      ],
      overrides: {
        Severity: [
          {
            id: 'mappings',
            value: [
              {
                type: 'value',
                options: {
                  critical: { text: 'critical', color: 'red', index: 0 },
                  warning: { text: 'warning', color: 'orange', index: 1 },
                },
              },
            ],
          },
          background,
          width(90),
        ],
        Alert: [
          { id: 'links', value: [{ title: 'Runbooks', url: `\${runbooks}`, targetBlank: true }] },
          width(320),
        ],
        Workload: [toWorkload],
        Since: [unit('dateTimeFromNow')],
      },
    }),
  ],
};
