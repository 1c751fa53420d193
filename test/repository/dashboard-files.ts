import { dashboardFolder } from '../../dashboards/index.ts';
import { readProjectFile } from './compose-file.ts';
import { trackedFiles } from './project-files.ts';

/** As much of a dashboard's JSON as the tests look at. */
export interface DashboardFile {
  readonly path: string;
  readonly text: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly PanelJson[];
  readonly links: readonly { readonly title: string; readonly url?: string }[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly AnnotationJson[] };
}

/** What a dashboard marks in its plots: the times at which a query is above zero. */
interface AnnotationJson {
  readonly name: string;
  readonly expr: string;
  readonly iconColor: string;
  readonly titleFormat: string;
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly timeFrom?: string;
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly options?: { readonly colorMode?: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly color: string }[] };
    };
  };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly instant?: boolean;
  }[];
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly label?: string;
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
  readonly hide?: number;
  readonly current?: { readonly value?: string | readonly string[] };
}

/** One query of a dashboard, and where it is. */
export interface DashboardQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
  readonly isInstant: boolean;
}

export const dashboardPaths = trackedFiles(dashboardFolder);

export const dashboardFiles: readonly DashboardFile[] = dashboardPaths
  .filter((path) => path.endsWith('.json'))
  .map((path) => {
    const text = readProjectFile(path);
    return { ...(JSON.parse(text) as Omit<DashboardFile, 'path' | 'text'>), path, text };
  });

/** The dashboard that asks the scaler's own Prometheus-compatible API; the others ask what a Prometheus has scraped. */
export const forecastsUid = 'forescale-forecasts';

/** Panels that show something; a row is a heading. */
export function shownPanels({ panels }: DashboardFile): readonly PanelJson[] {
  return panels.filter(({ type }) => type !== 'row');
}

export function queriesOf(file: DashboardFile): DashboardQuery[] {
  const ofPanels = shownPanels(file).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, instant }) => ({
      dashboard: file.title,
      panel: title,
      expr,
      isInstant: instant === true,
    })),
  );
  const ofAnnotations = file.annotations.list.map(({ name, expr }) => ({
    dashboard: file.title,
    panel: `annotation ${name}`,
    expr,
    isInstant: false,
  }));
  return [...ofPanels, ...ofAnnotations];
}

/** The expression as Grafana sends it: `$name` and `${name}` replaced. Throws where a variable is not given. */
export function withVariables(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(
    // `$1` is a group of label_replace, which Grafana leaves as it is.
    /\$(?:\{(\w+)\}|([a-z_]\w*))/gi,
    (_, braced: string | undefined, bare: string | undefined) => {
      const value = values[braced ?? bare ?? ''];
      if (value === undefined) throw new Error(`$${braced ?? bare} in ${expr} is no variable`);
      return value;
    },
  );
}

/** KEDA's and kube-state-metrics' own: they are there in a cluster only. Names and labels are facts of KEDA 2.21. */
export const clusterMetrics: Readonly<Record<string, { readonly why: string; readonly isCounter: boolean }>> =
  {
    keda_scaler_metrics_value: { why: 'KEDA’s operator has it', isCounter: false },
    keda_scaler_metrics_latency_seconds: { why: 'KEDA’s operator has it', isCounter: false },
    keda_scaler_active: { why: 'KEDA’s operator has it', isCounter: false },
    keda_scaler_detail_errors_total: { why: 'KEDA’s operator has it', isCounter: true },
    keda_scaled_object_errors_total: { why: 'KEDA’s operator has it', isCounter: true },
    keda_internal_scale_loop_latency_seconds: { why: 'KEDA’s operator has it', isCounter: false },
    keda_grpc_client_handled_total: { why: 'KEDA’s operator has it from 2.21 on', isCounter: true },
    keda_grpc_client_handling_seconds_bucket: { why: 'KEDA’s operator has it from 2.21 on', isCounter: true },
    kube_horizontalpodautoscaler_status_current_replicas: {
      why: 'kube-state-metrics has it',
      isCounter: false,
    },
    keda_internal_metricsservice_grpc_server_handled_total: {
      why: 'KEDA’s operator has it',
      isCounter: true,
    },
    keda_internal_metricsservice_grpc_server_handling_seconds_bucket: {
      why: 'KEDA’s operator has it',
      isCounter: true,
    },
    kube_horizontalpodautoscaler_status_desired_replicas: {
      why: 'kube-state-metrics has it',
      isCounter: false,
    },
    kube_horizontalpodautoscaler_spec_max_replicas: { why: 'kube-state-metrics has it', isCounter: false },
  };
