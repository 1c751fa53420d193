import type { ExplainResult, ForecastComponent, LearningReason } from '../../forecast/core/index.ts';
import { type AccuracyJson, finiteOrNull, toAccuracyJson } from './accuracy-json.ts';
import { summaryOf } from './explanation-words.ts';

/** Why a value is forecast, as the command and the API print it; the shape is stable. */
export interface ExplanationJson {
  readonly status: 'ok' | 'learning';
  readonly reasons: readonly LearningReason[];
  /** One sentence for people. */
  readonly summary: string;
  /** Unix seconds; null before the first row. */
  readonly origin: number | null;
  /** Grid time explained, unix seconds; of a peak, where the forecast within the window is highest. */
  readonly t: number | null;
  /** Of a peak, seconds; null where a moment is explained. */
  readonly windowSeconds: number | null;
  readonly quantile: number | null;
  readonly value: number | null;
  readonly median: number | null;
  /** They add up to `value`; empty while there is none. */
  readonly components: readonly ForecastComponent[];
  /** The newest grid value, and what is usual at its moment. */
  readonly newest: { readonly value: number | null; readonly usual: number | null };
  readonly experts: readonly { readonly name: string; readonly weight: number }[];
  readonly seasons: readonly number[];
  readonly accuracy: AccuracyJson | null;
  readonly trust: number | null;
}

export function toExplanationJson(result: ExplainResult): ExplanationJson {
  const summary = summaryOf(result);
  const origin = finiteOrNull(result.origin);
  if (result.status === 'learning') {
    return {
      status: 'learning',
      reasons: result.reasons,
      summary,
      origin,
      t: null,
      windowSeconds: null,
      quantile: null,
      value: null,
      median: null,
      components: [],
      newest: { value: null, usual: null },
      experts: [],
      seasons: [],
      accuracy: null,
      trust: null,
    };
  }
  return {
    status: 'ok',
    reasons: [],
    summary,
    origin,
    t: result.atSeconds,
    windowSeconds: result.windowSeconds ?? null,
    quantile: result.quantile,
    value: result.value,
    median: result.median,
    components: result.components,
    newest: { value: finiteOrNull(result.newest), usual: finiteOrNull(result.usualOfNewest) },
    experts: result.experts,
    seasons: result.seasonsSeconds,
    accuracy: result.accuracy === undefined ? null : toAccuracyJson(result.accuracy),
    trust: result.trust ?? null,
  };
}
