import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { framed, heights, type PanelOptions, query, recently, withQueries } from './panel.ts';
import { type Judgement, judged, stepsOf } from './thresholds.ts';

interface StatOptions extends PanelOptions {
  /** Whether to ask for the newest value alone, without a sparkline: for queries over days, of which a range would be dear. */
  readonly isInstant?: boolean;
  /** From which value on it is a warning or critical; a number that can be neither good nor bad has none and no colour. */
  readonly judged?: Judgement;
  /** Words instead of numbers. */
  readonly words?: ValueMapping;
}

/** Builds a panel that shows the newest value as a number on the colour of how good it is, with a sparkline behind it. */
export function stat(options: StatOptions): Builder<Panel> {
  const { queries, isInstant, words } = options;
  const panel = framed(new PanelBuilder(), options, { span: 4, height: heights.low })
    .timeFrom(recently)
    .hideTimeOverride(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(options.judged === undefined ? BigValueColorMode.None : BigValueColorMode.Background)
    .graphMode(isInstant === true ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .thresholds(judged(stepsOf(options.judged)));
  if (words !== undefined) panel.mappings([words]);
  if (isInstant !== true) return withQueries(panel, queries);
  for (const [index, { expr, legend }] of queries.entries())
    panel.withTarget(query(index, expr, legend).instant());
  return panel;
}
