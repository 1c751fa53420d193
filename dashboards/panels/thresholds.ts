import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Values from which on something is a warning or critical: above them, or below them. */
export type Judgement =
  | { readonly above: { readonly warning: number; readonly critical?: number } }
  | { readonly below: { readonly warning: number; readonly critical?: number } };

const [good, warning, critical] = ['green', 'orange', 'red'] as const;
const none = { value: null, color: 'text' } as const;

/** Grafana's steps of a judgement, lowest first; a single step without a colour where there is none. */
export function stepsOf(judgement: Judgement | undefined): readonly Threshold[] {
  if (judgement === undefined) return [none];
  if ('above' in judgement) {
    const { above } = judgement;
    return [
      { value: null, color: good },
      { value: above.warning, color: warning },
      ...(above.critical === undefined ? [] : [{ value: above.critical, color: critical }]),
    ];
  }
  const { below } = judgement;
  if (below.critical === undefined)
    return [
      { value: null, color: warning },
      { value: below.warning, color: good },
    ];
  return [
    { value: null, color: critical },
    { value: below.critical, color: warning },
    { value: below.warning, color: good },
  ];
}

/** Grafana's absolute thresholds with these steps. */
export function judged(steps: readonly Threshold[]): Builder<ThresholdsConfig> {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]);
}

/** Grafana override that colours the cells of a column by a judgement. */
export function cellsJudged(judgement: Judgement) {
  return [
    { id: 'thresholds', value: { mode: 'absolute', steps: stepsOf(judgement) } },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ];
}
