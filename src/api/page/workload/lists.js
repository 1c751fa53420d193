import { clockTime, nearTime } from '../chart/times.js';
import { byId, element, fill, setShown, setText } from '../frame/dom.js';
import { formatDemand, formatNumber, replicaWords } from '../words.js';

/** Shows the decisions that changed the number of replicas, each a link to its reasons. */
export function showChanges(changes, { nowSeconds, moment, linkTo }) {
  setShown(byId('no-changes'), changes.length === 0);
  fill(byId('changes'), JSON.stringify([changes.map(({ at }) => at), moment]), () =>
    changes.map(({ at, from, to }) => {
      const link = element(
        'a',
        { href: linkTo(at) },
        element('time', {}, nearTime(at, nowSeconds)),
        ` ${words(from, to)}`,
      );
      if (at === moment) link.setAttribute('aria-current', 'true');
      return element('li', { className: (to ?? 0) > (from ?? 0) ? 'more' : 'fewer' }, link);
    }),
  );
}

function words(from, to) {
  if (to === null) return `nothing served after ${replicaWords(from)}`;
  return from === null ? `${replicaWords(to)} after an error` : `${formatNumber(from)} → ${replicaWords(to)}`;
}

/** Shows the events of calendars that take place or come next, and what is expected of them. */
export function showEvents(rows) {
  setShown(byId('no-events'), rows.length === 0);
  setShown(byId('events'), rows.length > 0);
  fill(byId('events').tBodies[0], JSON.stringify(rows), () =>
    rows.map(({ name, when, isNow, expected }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', textContent: name }),
        element('td', { textContent: isNow ? `now, ${when}` : when }),
        element('td', { textContent: expected }),
      ),
    ),
  );
}

/** Shows the next peaks beside the most replicas that are allowed. */
export function showPeaks(peaks, { unit, replicas }) {
  setShown(byId('no-peaks'), peaks.length === 0);
  setShown(byId('peaks'), peaks.length > 0);
  const most = replicas?.max ?? null;
  fill(byId('peaks').tBodies[0], JSON.stringify([peaks, most]), () =>
    peaks.map(({ t, expected, replicas: needed, isAboveMax }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', textContent: clockTime(t) }),
        element('td', { textContent: formatDemand(expected, unit) }),
        element('td', { className: isAboveMax ? 'too-high' : '', textContent: formatNumber(needed) }),
      ),
    ),
  );
  const tooHigh = peaks.find(({ isAboveMax }) => isAboveMax);
  setText(
    'peaks-note',
    peaks.length === 0
      ? ''
      : most === null
        ? 'How many replicas are allowed is not known here: that needs kube-state-metrics.'
        : tooHigh
          ? `maxReplicaCount is ${most}, which is too few for ${replicaWords(tooHigh.replicas)}. Raise it, or demand will be above what the replicas carry.`
          : `maxReplicaCount is ${most}, which is enough.`,
  );
}

/** Advice that asks for nothing to be done is not worth a sentence beside the summary. */
const noAction = ['too-early', 'leave-on', 'leave-off'];

/** Shows how the last week was served, how the reactive rule would have served it, and what to do. */
export function showWeek({ summary, advice }) {
  setText('week-summary', summary);
  const toDo = advice.filter(({ code }) => !noAction.includes(code)).map(({ message }) => message);
  fill(byId('advice'), JSON.stringify(toDo), () => toDo.map((textContent) => element('li', { textContent })));
}
