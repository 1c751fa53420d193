import type { RecordAnswer, ServedDecision } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import type { boundParts, servedParts } from './served-parts.ts';
import { demandInWords, inWords, percentage } from './words.ts';

type ServedPart = ReturnType<typeof servedParts>[number]['name'];
type BoundPart = ReturnType<typeof boundParts>[number]['name'];

/** What each part of a signal is, for people. */
export const servedPartWords = {
  observed: 'demand that was observed',
  forecast: 'what the forecast adds to it',
  margin: 'what the margin beside the forecast adds to it',
  headroom: 'what the headroom of the reactive rule adds to it',
  tolerance: 'added, because the HPA ignores differences within its tolerance',
  cap: 'taken off, because more is implausible by the history',
  held: 'added to hold the last good value, while nothing fresh was observed or no forecast was there since a restart or an edit',
} as const satisfies Record<ServedPart, string>;

/** What each part of a bound is, for people. */
export const boundPartWords = {
  level: 'typical demand',
  day: 'what the time of day adds',
  week: 'what the time of the week adds',
  deviation: 'what the forecast adds to what is usual then, because of how demand was',
  safetyMargin: 'what the bound adds to the expected peak, by how far past forecasts were off',
} as const satisfies Record<BoundPart, string>;

/** Which rule set the signal, for people. */
export function ruleWords(decision: ServedDecision): string {
  const { basis, fresh, observed, predictedPeak, margin, headroom, fallbackReasons } = decision;
  const [reason] = fallbackReasons;
  switch (basis) {
    case 'last-good':
      return `the last good value was held, because there was ${fallbackReasons.at(-1) ?? 'nothing fresh'}`;
    case 'forecast':
      return fresh
        ? `demand was ${inWords(observed)}, and the forecast decided: ${expectation(decision)}`
        : `the forecast went on from ${inWords(observed)} with ${fallbackReasons.at(-1) ?? 'nothing fresh'}: ${expectation(decision)}`;
    case 'margin':
      return `demand was ${inWords(observed)}, which decided with a margin (${inWords(margin)} times), because the forecast asked for less`;
    case 'headroom':
      return `demand was ${inWords(observed)}, and the reactive rule decided with its headroom (${inWords(headroom)} times at the usual demand)${because(reason)}`;
    case 'observed':
      if (predictedPeak === undefined) {
        return `demand was ${inWords(observed)}, which decided, because there was no forecast: ${reason}`;
      }
      if (predictedPeak > observed && reason !== undefined) {
        return `demand was ${inWords(observed)}, which decided${because(reason)}`;
      }
      return `demand was ${inWords(observed)}, which decided, because the forecast asked for no more`;
  }
}

const because = (reason: string | undefined) => (reason === undefined ? '' : `, because ${reason}`);

function expectation({ predictedPeak = Number.NaN, windowSeconds, askedLevel }: ServedDecision): string {
  const window = formatDuration(Math.max(1, Math.round(windowSeconds)));
  // What is more likely exceeded than not is no bound.
  return askedLevel < 0.5
    ? `it planned for ${inWords(predictedPeak)} within the next ${window}`
    : `demand was to stay at or below ${inWords(predictedPeak)} for the next ${window} (${percentage(Number(askedLevel.toPrecision(4)))} sure)`;
}

/** What came in the window of a decision, beside what was forecast; undefined while that is not known. */
export function outcomeWords(
  { predictedPeak, windowSeconds }: ServedDecision,
  came: number | undefined,
): string | undefined {
  if (came === undefined || predictedPeak === undefined) return undefined;
  const within = formatDuration(Math.max(1, Math.round(windowSeconds)));
  const [highest, bound] = [inWords(came), inWords(predictedPeak)];
  return came <= predictedPeak
    ? `Demand then reached ${highest} within ${within}, at or below the ${bound} that was forecast`
    : `Demand then reached ${highest} within ${within}, above the ${bound} that was forecast`;
}

/** Said where only a replica has a moment on record that KEDA did not ask. */
const elsewhereWords =
  'KEDA asked another replica then, whose record is gone or does not answer; this one decided so by the same rule on the same data.';

/** The answer to "why so many replicas then?", as a service owner can repeat it. */
export function recordedSummary(
  { atSeconds, decision, came }: RecordAnswer['rows'][number],
  unit?: string,
): string {
  const when = formatMoment(atSeconds);
  if (decision.kind === 'none') {
    return `At ${when} KEDA was told nothing but an error, so that it kept the replicas or its fallback acted: ${decision.reasons[0] ?? 'nothing could be served'}.${decision.elsewhere === true ? ` ${elsewhereWords}` : ''}`;
  }
  const asked = Math.ceil(decision.signal / decision.threshold);
  const replicas = `${asked} ${asked === 1 ? 'replica' : 'replicas'} at ${inWords(decision.threshold)} each`;
  const outcome = outcomeWords(decision, came);
  return [
    `At ${when} KEDA was told ${demandInWords(decision.signal, unit)}, which is ${replicas}: ${ruleWords(decision)}.`,
    ...(outcome === undefined ? [] : [`${outcome}.`]),
    ...(decision.elsewhere === true ? [elsewhereWords] : []),
  ].join(' ');
}
