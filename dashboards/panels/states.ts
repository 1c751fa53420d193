import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { MappingType, type Panel, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { framed, heights, type PanelOptions, withQueries } from './panel.ts';

/** Builds a panel that shows over time which of several states holds. */
export function states(options: PanelOptions): Builder<Panel> {
  const panel = framed(new PanelBuilder(), options, { span: 12, height: heights.tall })
    .mergeValues(true)
    .mappings([yesOrNo]);
  return withQueries(panel, options.queries);
}

/** Shows 0 and 1 as the words no and yes. */
const yesOrNo: ValueMapping = wordsFor({
  0: { text: 'no', color: 'transparent' },
  1: { text: 'yes', color: 'blue' },
});

/** Grafana's mapping of numbers to words, each with a colour. */
export function wordsFor(
  words: Readonly<Record<number, { readonly text: string; readonly color: string }>>,
): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, { text, color }], index) => [value, { text, color, index }]),
    ),
  };
}
