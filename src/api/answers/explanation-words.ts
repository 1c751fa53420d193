import type {
  DistrustReason,
  ExplainResult,
  Explanation,
  ForecastComponent,
} from '../../forecast/core/index.ts';
import type { Decision } from '../../forecast/workload-view.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';

/** A part that moves less than this share of the value explains nothing. */
const noticeableShare = 0.02;

/** What each part is called where it is said what moved a value. */
export const partWords = {
  level: 'the usual level of demand',
  day: 'the moment of the day',
  week: 'the moment of the week',
  deviation: 'how far demand is from usual',
  event: 'an event of the calendar',
  safetyMargin: 'the safety margin',
} satisfies Record<ForecastComponent['name'], string>;

/** What can be said against the forecasts of a horizon. */
export const distrustWords = {
  'worse-than-persistence': 'they have lately been worse than “the same as now”',
  'worse-than-seasonal-naive': 'they have lately been worse than “the same as a season ago”',
  'bounds-exceeded-too-often': 'their bounds have lately been exceeded too often',
} satisfies Record<DistrustReason, string>;

/** What is forecast, and what moves it most, in one sentence. */
export function summaryOf(result: ExplainResult): string {
  if (result.status === 'learning')
    return `No forecast yet: ${result.reasons[0]?.message ?? 'it is learning'}.`;
  const { value, quantile, windowSeconds, atSeconds } = result;
  const what =
    windowSeconds === undefined
      ? `Up to ${inWords(value)} at ${formatMoment(atSeconds)} ${sure(quantile)}`
      : `A peak of ${bound(value, windowSeconds, quantile)}`;
  return `${what}; ${mostlyFrom(result)}.${doubts(result)}`;
}

/** A decision that was made, as far as it is told to people. */
interface DecisionMade {
  readonly decision: Decision;
  readonly replicasAsked: number | null;
  /** Of the bound that the decision was made with. */
  readonly explained: ExplainResult;
}

/** What KEDA is told, which rule made it so, and what moved that most. */
export function decisionSummary({ decision, replicasAsked, explained }: DecisionMade): string {
  const replicas = `${replicasAsked} ${replicasAsked === 1 ? 'replica' : 'replicas'}`;
  const doubt = explained.status === 'ok' && decision.basis === 'forecast' ? doubts(explained) : '';
  return `KEDA is told ${inWords(decision.signal)} (${replicas}): ${rule(decision, explained)}${adjustment(decision)}.${doubt}`;
}

function rule(decision: Decision, explained: ExplainResult): string {
  const { basis, observed, predictedPeak, windowSeconds, serviceLevel, fallbackReasons } = decision;
  const [reason] = fallbackReasons;
  const decides = `the ${inWords(observed)} observed now decides`;
  switch (basis) {
    case 'last-good':
      return `the last good value is held, ${fallbackReasons.at(-1)}`;
    case 'forecast': {
      const because = explained.status === 'ok' ? `; ${mostlyFrom(explained)}` : '';
      const peak = bound(predictedPeak ?? Number.NaN, windowSeconds, serviceLevel);
      return `the forecast decides, with a peak of ${peak} beside ${inWords(observed)} observed now${because}`;
    }
    case 'observed':
      if (predictedPeak === undefined) return `${decides}, because there is no forecast: ${reason}`;
      if (predictedPeak > observed && reason !== undefined) return `${decides}, because ${reason}`;
      return `${decides}, with a peak of ${bound(predictedPeak, windowSeconds, serviceLevel)} to come`;
  }
}

function bound(value: number, windowSeconds: number, quantile: number): string {
  const window = formatDuration(Math.max(1, Math.round(windowSeconds)));
  return `up to ${inWords(value)} within ${window} ${sure(quantile)}`;
}

/** What has been done to the demand that was decided on: faded for want of trust, raised for the HPA, or capped. */
function adjustment({ basis, observed, predictedPeak, trust, signal }: Decision): string {
  if (basis === 'last-good') return '';
  const isForecast = basis === 'forecast' && predictedPeak !== undefined;
  const heard = trust ?? 1;
  const wanted = isForecast ? observed + heard * (predictedPeak - observed) : observed;
  const faded =
    isForecast && heard < 1
      ? `; only ${percentage(heard)} of what it adds is believed, because it has lately been worse than the reactive rule`
      : '';
  if (signal < wanted * (1 - 1e-6))
    return `${faded}; cut from ${inWords(wanted)}, which the history does not make credible`;
  if (signal > wanted * (1 + 1e-6)) {
    return `${faded}; raised from ${inWords(wanted)}, so that the HPA acts on it in spite of its tolerance`;
  }
  return faded;
}

/** The part that moves the value most from typical demand. */
function mostlyFrom({ components, value }: Explanation): string {
  const level = components.find(({ name }) => name === 'level')?.value ?? 0;
  const moving = components
    .filter(({ name }) => name !== 'level')
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  if (moving === undefined || Math.abs(moving.value) <= noticeableShare * Math.max(value, level)) {
    return `that is ${partWords.level}`;
  }
  return `what moves it most from the typical ${inWords(level)} is ${partWords[moving.name]} (${signed(moving.value)})`;
}

function doubts({ accuracy }: Explanation): string {
  const reasons = accuracy?.distrust ?? [];
  if (reasons.length === 0) return '';
  return ` Forecasts so far ahead are not to be trusted at present: ${reasons.map((reason) => distrustWords[reason]).join(', ')}.`;
}

const sure = (quantile: number) => `(${percentage(quantile)} sure)`;
const percentage = (share: number) => `${Number((share * 100).toPrecision(4))}%`;
const signed = (value: number) => `${value > 0 ? '+' : '−'}${inWords(Math.abs(value))}`;

/** Four digits that matter. */
function inWords(value: number): string {
  return String(Number(value.toPrecision(4)));
}
