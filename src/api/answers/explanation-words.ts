import type {
  Decision,
  DistrustReason,
  ExplainResult,
  Explanation,
  ForecastComponent,
  ServiceOutcome,
} from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import { levelWords } from './outcome-words.ts';
import { demandInWords, inWords, percentage } from './words.ts';

/** A part below this share of the value explains nothing. */
const noticeableShare = 0.02;

/** Names of the parts of a forecast, for a table and for a sentence about what changes a value. */
export const partWords = {
  level: 'usual level of demand',
  day: 'time of day',
  week: 'time of the week',
  deviation: 'present deviation from usual',
  shared: 'correction by what series have in common',
  event: 'event of the calendar',
  safetyMargin: 'safety margin',
} satisfies Record<ForecastComponent['name'], string>;

/** Reasons for which the forecasts of a horizon should not be trusted at present, in words. */
export const distrustWords = {
  'worse-than-persistence': 'they were lately worse than assuming no change',
  'worse-than-seasonal-naive': 'they were lately worse than repeating the last season',
  'bounds-exceeded-too-often': 'demand was lately above their bounds too often',
} satisfies Record<DistrustReason, string>;

/** A sentence for people: the forecast value, and the part that changes it most from the usual level. */
export function summaryOf(result: ExplainResult): string {
  if (result.status === 'learning')
    return `No forecast yet: ${result.reasons[0]?.message ?? 'it is learning'}.`;
  const { value, quantile, windowSeconds, atSeconds } = result;
  const expected =
    windowSeconds === undefined
      ? `is at or below ${inWords(value)} at ${formatMoment(atSeconds)} ${sure(quantile)}`
      : staysWithin(value, windowSeconds, quantile);
  return sentences(`Demand ${expected}`, largestDifference(result), doubt(result));
}

/**
 * Sentences for people: the signal, the rule that decided it, and the part that changes the forecast most from the usual level.
 */
export function decisionSummary(made: {
  readonly decision: Decision;
  readonly replicasAsked: number | null;
  /** The bound that the decision was made with. */
  readonly explained: ExplainResult;
  readonly outcome: ServiceOutcome | undefined;
  /** What the newest query failed with; undefined where it did not. */
  readonly lastError?: string | undefined;
  readonly unit?: string | undefined;
}): string {
  const { decision, replicasAsked, explained, outcome, lastError, unit } = made;
  const replicas = `${replicasAsked} ${replicasAsked === 1 ? 'replica' : 'replicas'}`;
  const forecast = decision.basis === 'forecast' && explained.status === 'ok' ? explained : undefined;
  return sentences(
    `KEDA is told ${demandInWords(decision.signal, unit)} (${replicas}): ${rule(decision)}`,
    decision.fresh || lastError === undefined ? undefined : `Nothing fresh comes, because ${lastError}`,
    forecast && largestDifference(forecast),
    ...adjustments(decision),
    levelWords(decision, outcome),
    forecast && doubt(forecast),
  );
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .map((part) => `${part}.`)
    .join(' ');
}

function rule(decision: Decision): string {
  const { basis, fresh, observed, predictedPeak, windowSeconds, askedLevel, fallbackReasons } = decision;
  const [reason] = fallbackReasons;
  const observedDecides = `the observed demand of ${inWords(observed)} decides`;
  switch (basis) {
    case 'last-good':
      return `the last good value is held, ${fallbackReasons.at(-1)}`;
    case 'forecast': {
      const bound = staysWithin(predictedPeak ?? Number.NaN, windowSeconds, askedLevel);
      if (!fresh)
        return `the forecast goes on from ${inWords(observed)}, ${fallbackReasons.at(-1)}; demand ${bound}`;
      return `the forecast decides; demand is ${inWords(observed)} now and ${bound}`;
    }
    case 'margin':
      return `${observedDecides} with a margin (${inWords(decision.margin)} times); by the forecast it ${staysWithin(predictedPeak ?? Number.NaN, windowSeconds, askedLevel)}`;
    case 'headroom':
      return `the observed demand of ${inWords(observed)} decides with the headroom of the reactive rule (${inWords(decision.headroom)} times at the usual demand), because ${reason}`;
    case 'observed':
      if (predictedPeak === undefined) return `${observedDecides}, because there is no forecast: ${reason}`;
      if (predictedPeak > observed && reason !== undefined) return `${observedDecides}, because ${reason}`;
      return `${observedDecides}; by the forecast it ${staysWithin(predictedPeak, windowSeconds, askedLevel)}`;
  }
}

function staysWithin(value: number, windowSeconds: number, quantile: number): string {
  const window = formatDuration(Math.max(1, Math.round(windowSeconds)));
  // What is more likely exceeded than not is no bound: whole replicas and the HPA's tolerance leave enough to spare.
  if (quantile < 0.5) return `is planned for as ${inWords(value)} for the next ${window}`;
  return `stays at or below ${inWords(value)} for the next ${window} ${sure(quantile)}`;
}

/** Adjustments made to the demand that decided, in words: a share left out for lack of trust, a raise for the HPA, or a cap. */
function adjustments({ basis, wanted, trust = 1, signal }: Decision): readonly string[] {
  if (basis === 'last-good') return [];
  const said: string[] = [];
  if (basis === 'forecast' && trust < 1) {
    said.push(
      `The forecast counts for ${percentage(trust)} and the reactive rule for the rest, because that was lately cheaper at the same service`,
    );
  }
  if (signal < wanted * (1 - 1e-6)) {
    said.push(`The value is cut from ${inWords(wanted)}, which is implausible by the history`);
  }
  if (signal > wanted * (1 + 1e-6)) {
    said.push(
      `The value is raised from ${inWords(wanted)}, because the HPA ignores differences within its tolerance`,
    );
  }
  return said;
}

/** The part that changes the value most from the usual level of demand. */
function largestDifference({ components, value }: Explanation): string {
  const level = components.find(({ name }) => name === 'level')?.value ?? 0;
  const largest = components
    .filter(({ name }) => name !== 'level')
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  if (largest === undefined || Math.abs(largest.value) <= noticeableShare * Math.max(value, level)) {
    return `That is the ${partWords.level}`;
  }
  return `The usual level is ${inWords(level)}; the largest difference from it is the ${partWords[largest.name]} (${signed(largest.value)})`;
}

function doubt({ accuracy }: Explanation): string | undefined {
  const reasons = accuracy?.distrust ?? [];
  if (reasons.length === 0) return undefined;
  const why = reasons.map((reason) => distrustWords[reason]).join(', ');
  return `Forecasts this far ahead should not be trusted at present: ${why}`;
}

const sure = (quantile: number) => `(${percentage(quantile)} sure)`;
const signed = (value: number) => `${value > 0 ? '+' : '−'}${inWords(Math.abs(value))}`;
