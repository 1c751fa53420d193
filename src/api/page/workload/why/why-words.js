import { clockTime } from '../../chart/times.js';
import { formatDemand, formatNumber, formatShare, formatSpan, replicaWords } from '../../words.js';

/** A part below this share of the whole is left out of a table. */
const noticeableShare = 0.0005;

/**
 * @typedef {object} Why why KEDA was told what it was told
 * @property {string} title
 * @property {string} when
 * @property {string} sentence
 * @property {{ caption: string, rows: PartRow[] }[]} sums each adds up to what its caption says
 * @property {[string, string][]} facts
 *
 * @typedef {{ meaning: string, amount: string, share: number }} PartRow share of the whole, −1 … 1
 */

/** Why KEDA was told its value by a decision on record. @returns {Why} */
export function recordedWhy({ recorded, rule, summary, outcome, parts, boundParts }, unit, isNow) {
  const { at, signal, replicasAsked, threshold, predictedPeak } = recorded;
  const told = formatDemand(signal, unit);
  return {
    title:
      signal === null
        ? 'Why was nothing served?'
        : `Why ${replicaWords(replicasAsked)}${isNow ? ' now' : ''}?`,
    when: `${isNow ? 'Decided' : 'At'} ${clockTime(at, { withSeconds: true })}`,
    sentence:
      signal === null
        ? summary
        : `KEDA ${isNow ? 'is' : 'was'} told ${told}, which is ${replicaWords(replicasAsked)} at ${formatDemand(threshold, unit)} each: ${rule}.${outcome === null ? '' : ` ${outcome}.`}`,
    sums: [
      { caption: `Told to KEDA: ${told}`, rows: rowsOf(parts, signal) },
      {
        caption: `Planned for: ${formatDemand(predictedPeak, unit)}`,
        rows: rowsOf(boundParts, predictedPeak),
      },
    ].filter(({ rows }) => rows.length > 0),
    facts: factsOf(recorded, unit),
  };
}

/**
 * Why KEDA is told its value, where the decision is not on record.
 * @param {{ summary: string, replicasAsked: number | null, decision?: { askedFactor: number } | null, forecast: any }} explained
 * @returns {Why}
 */
export function presentWhy({ summary, replicasAsked, decision, forecast }, unit) {
  const value = (decision?.askedFactor ?? 1) * forecast.value;
  const less = {
    value: value - forecast.value,
    meaning: 'taken off, because less time was short than is allowed',
  };
  return {
    title: replicasAsked === null ? 'Why is nothing served?' : `Why ${replicaWords(replicasAsked)} now?`,
    when: 'As it is now, not from the record.',
    sentence: summary,
    sums:
      // Nothing is planned for where nothing is served.
      forecast.components.length === 0 || replicasAsked === null
        ? []
        : [
            {
              caption: `Planned for: ${formatDemand(value, unit)}`,
              rows: rowsOf([...forecast.components, less], value),
            },
          ],
    facts: [],
  };
}

function rowsOf(parts, whole) {
  const most = Math.max(...parts.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return parts
    .filter(({ value }) => Math.abs(value) > noticeableShare * Math.abs(whole))
    .map(({ value, meaning }, index) => ({
      meaning,
      amount: index === 0 ? formatNumber(value) : signed(value),
      share: value / most,
    }));
}

const signed = (value) => `${value < 0 ? '−' : '+'}${formatNumber(Math.abs(value))}`;

function factsOf(recorded, unit) {
  const { observed, expectedPeak, predictedPeak, came, windowSeconds, askedLevel, trust } = recorded;
  const window = windowSeconds === null ? '' : ` within ${formatSpan(windowSeconds)}`;
  const facts = [
    ['Observed', formatDemand(observed, unit), observed],
    [`Highest expected${window}`, formatDemand(expectedPeak, unit), expectedPeak],
    [`Highest planned for${window}`, formatDemand(predictedPeak, unit), predictedPeak],
    [`Highest that came${window}`, came === null ? 'not known yet' : formatDemand(came, unit), predictedPeak],
    // What is more likely exceeded than not is no bound.
    ['Sure that no more comes', formatShare(askedLevel, 2), askedLevel >= 0.5 ? predictedPeak : null],
    ['Influence of the forecast', formatShare(trust, 0), trust],
  ];
  return facts.filter(([, , isKnown]) => isKnown !== null).map(([name, value]) => [name, value]);
}
