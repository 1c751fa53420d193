import type { DemandModel } from '../../../../src/forecast/index.ts';
import type { HistorySource, InstantResult } from '../../../../src/history/source.ts';
import { withMethods } from '../../../support/with-methods.ts';
import type { ModelFault } from './scenario.ts';

/** Age up to which an observation is now, and up to which a workload is served without one; the server's defaults. */
export const freshSeconds = 15;
export const blindSeconds = 1800;
/** Nobody's demand is higher; the forecaster takes a larger row for missing. */
const largestDemand = 1e30;

/** What a source and a model have really said, written down beside the code that is tested. */
export interface Witness {
  /** The newest observation that counts, judged anew from the source's answer. */
  observed: { readonly value: number; readonly atSeconds: number } | undefined;
  /** The value that counted before it. */
  previousValue: number | undefined;
  /** Highest demand among the rows that the source and the archive have given. */
  highestRow: number;
  /** Writes down the value of a row. */
  see(value: number): void;
  /** Time by the server's clock at which the model last gave a bound. */
  boundSeconds: number | undefined;
  /** Questions to the source and to the model so far. */
  questions: number;
  /** Answers of the source, or another replica's, about the history. */
  historyAnswers: number;
}

export function createWitness(): Witness {
  const witness: Witness = {
    observed: undefined,
    previousValue: undefined,
    highestRow: 0,
    boundSeconds: undefined,
    questions: 0,
    historyAnswers: 0,
    see(value) {
      if (value <= largestDemand) witness.highestRow = Math.max(witness.highestRow, value);
    },
  };
  return witness;
}

/** The source, with every answer written down. */
export function witnessedSource(
  source: HistorySource,
  witness: Witness,
  emptyIsZero: boolean,
): HistorySource {
  return {
    ...source,
    async range(request) {
      witness.questions++;
      const history = await source.range(request);
      witness.historyAnswers++;
      for (const value of history.values) witness.see(value);
      return history;
    },
    async instant(request) {
      witness.questions++;
      const answer = await source.instant(request);
      const value = countedValue(answer, request.atSeconds, { emptyIsZero, before: witness.observed?.value });
      if (value !== undefined) {
        witness.previousValue = witness.observed?.value;
        witness.observed = { value, atSeconds: request.atSeconds };
      }
      return answer;
    },
  };
}

/** The demand that an answer says there is now; undefined where it says nothing that counts. */
function countedValue(
  answer: InstantResult,
  atSeconds: number,
  { emptyIsZero, before = 0 }: { readonly emptyIsZero: boolean; readonly before: number | undefined },
): number | undefined {
  if (answer.kind === 'missing') return emptyIsZero ? 0 : undefined;
  if (Math.abs(answer.atSeconds - atSeconds) > freshSeconds) return undefined;
  if (!Number.isFinite(answer.value)) return emptyIsZero ? 0 : undefined;
  const value = Math.max(0, answer.value);
  return answer.isPartial === true && value < before ? undefined : value;
}

/** The model, whose answers for the peak are as bad as `faultNow` says. */
export function witnessedModel(
  model: DemandModel,
  witness: Witness,
  { faultNow, clock }: { readonly faultNow: () => ModelFault | undefined; readonly clock: () => number },
): DemandModel {
  return withMethods(model, {
    peak(request) {
      witness.questions++;
      const answer = model.peak(request);
      const fault = faultNow();
      if (fault === 'throws') throw new RangeError('the model is told to fail');
      if (fault === 'learning') {
        const reason = { code: 'insufficient-history', message: 'the model is told to learn' } as const;
        return { status: 'learning', origin: answer.origin, reasons: [reason] };
      }
      if (answer.status === 'learning') return answer;
      if (fault === undefined) {
        witness.boundSeconds = clock();
        return answer;
      }
      const value = fault === 'NaN' ? Number.NaN : Number.POSITIVE_INFINITY;
      const quantiles = Object.fromEntries(Object.keys(answer.quantiles).map((level) => [level, value]));
      return { ...answer, bounds: answer.bounds.map(() => value), quantiles };
    },
  });
}
