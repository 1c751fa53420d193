import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { framed, heights, type Overrides, type PanelOptions, withQueries } from './panel.ts';
import { judged } from './thresholds.ts';

interface LinesOptions extends PanelOptions {
  readonly stacked?: boolean;
  /** Whether neighbouring points are joined by a line across missing values. */
  readonly joined?: boolean;
  /** Lowest value of the vertical axis: 0 where the values cannot be lower. */
  readonly min?: number;
  /** Value at which an alert fires, drawn as a dashed red line. */
  readonly limit?: number;
  readonly overrides?: Overrides;
  /** Grafana's overrides for all lines whose legend fits a pattern. */
  readonly overridesByPattern?: Overrides;
}

/** Builds a panel that shows values over time as lines. */
export function lines(options: LinesOptions): Builder<Panel> {
  const { queries, stacked, joined, min = 0, limit, overrides = {}, overridesByPattern = {} } = options;
  const panel = framed(new PanelBuilder(), options, { span: 12, height: heights.tall, min })
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
  if (limit !== undefined)
    panel
      .thresholds(
        judged([
          { value: null, color: 'transparent' },
          { value: limit, color: 'red' },
        ]),
      )
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  for (const [legend, properties] of Object.entries(overrides)) panel.overrideByName(legend, [...properties]);
  for (const [pattern, properties] of Object.entries(overridesByPattern))
    panel.overrideByRegexp(pattern, [...properties]);
  return withQueries(panel, queries);
}
