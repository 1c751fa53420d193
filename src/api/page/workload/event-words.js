import { clockTime } from '../chart/times.js';
import { formatNumber, formatSpan } from '../words.js';

/** Events that a sentence for screen readers names. */
const mostNamed = 5;
/** Events of the list. */
const mostListed = 6;
const daySeconds = 86_400;

/** The events of [from, to], in the order of their starts. */
export const eventsBetween = (events, from, to) =>
  events.filter((event) => event.to > from && event.from < to);

/** What a chart shades, in a sentence that a space follows; empty where it shades nothing. */
export function shownEventWords(events) {
  if (events.length === 0) return '';
  const named = events.slice(0, mostNamed).map((event) => `${event.name}, ${whenWords(event)}`);
  const more = events.length - named.length;
  return `Events shaded: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}. `;
}

/** Rows of the list of events that take place or come next. */
export function nextEventRows(events, nowSeconds) {
  return events
    .filter(({ to }) => to > nowSeconds)
    .slice(0, mostListed)
    .map((event) => ({
      name: event.name,
      when: whenWords(event),
      isNow: event.from <= nowSeconds,
      expected: expectedWords(event),
    }));
}

/** From when to when; a whole day of the reader's clock, or several, without times. */
function whenWords({ from, to }) {
  const day = (seconds) => clockTime(seconds).replace(/ \d\d:\d\d$/, '');
  if (!isMidnight(from) || !isMidnight(to)) return `${clockTime(from)} for ${formatSpan(to - from)}`;
  return to - from < 1.5 * daySeconds ? day(from) : `${day(from)} to ${day(to - 1)}`;
}

function isMidnight(unixSeconds) {
  const t = new Date(unixSeconds * 1000);
  return t.getHours() + t.getMinutes() + t.getSeconds() === 0;
}

/** How many times an ordinary day is expected, and how that is known. */
function expectedWords({ effect, expectedRatio, occurrences }) {
  if (effect === 'ignored') return 'nothing is learned from it';
  const times = `${formatNumber(expectedRatio ?? 1)} × an ordinary day`;
  if (effect === 'given')
    return occurrences === undefined ? `${times}, as given` : `${times}, measured on ${occurrences}`;
  if (!(occurrences > 0)) return 'as an ordinary day, until there was one to learn from';
  return `${times}, learned from ${occurrences}`;
}
