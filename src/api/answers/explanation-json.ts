import type { ExplainResult } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { ExplanationSchema } from '../schemas/explanation.ts';
import { toAccuracyJson } from './accuracy-json.ts';
import { summaryOf } from './explanation-words.ts';

/** Why a value is forecast, as the command and the API print it; the shape is stable. JSON writes NaN and infinity as null. */
export type ExplanationJson = Answer<typeof ExplanationSchema>['forecast'];

export function toExplanationJson(result: ExplainResult): ExplanationJson {
  const summary = summaryOf(result);
  const { origin } = result;
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
    newest: { value: result.newest, usual: result.usualOfNewest },
    experts: result.experts,
    seasons: result.seasonsSeconds,
    accuracy: result.accuracy === undefined ? null : toAccuracyJson(result.accuracy),
  };
}
