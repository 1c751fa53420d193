import { formatSpan } from '../words.js';

/** Lengths of history that can be shown, in horizons of the forecast: 8 h, a day and a week where that is 2 h. */
const rangesInHorizons = [4, 12, 84];
/** The range that is shown unless a link says another. */
const usualRange = 1;
/** Most decisions that are drawn; more would not be seen and cost an answer of hundreds of kilobytes. */
const mostDecisions = 400;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const daySeconds = 86_400;

/** The ranges that a workload offers, with the text that a link has for each. */
export function rangesOf(horizonSeconds) {
  return rangesInHorizons.map((horizons) => {
    const seconds = horizons * horizonSeconds;
    return { seconds, text: formatSpan(seconds).replaceAll(' ', '') };
  });
}

/** The range that a link asks for, or the usual one. */
export function chosenRange(ranges, text) {
  return ranges.find((range) => range.text === text) ?? ranges[usualRange];
}

/** Distance of the decisions that are drawn in a range, seconds. @returns {number} */
export function decisionStep(rangeSeconds) {
  return (
    steps.find((step) => rangeSeconds / step <= mostDecisions) ?? Math.ceil(rangeSeconds / mostDecisions)
  );
}

/** How far ahead of now a chart of that range shows: the horizon, and in long ranges more, up to a day. */
export function aheadSeconds(rangeSeconds, horizonSeconds) {
  return Math.max(horizonSeconds, Math.min(daySeconds, rangeSeconds / 6));
}
