import { createChart } from '/charts.js';
import { byId, setText } from '/frame/dom.js';
import { get, pollWhileVisible } from '/live.js';
import { formatNumber } from '/words.js';

const pollMs = 1000;

const look = { height: 150, format: formatNumber, onlyPast: true, timeLabel: 'simulated time' };
const charts = {
  capacity: createChart(byId('capacity'), { ...look, height: 220 }),
  rejected: createChart(byId('rejected'), { ...look, wholeNumbers: true }),
  latency: createChart(byId('latency'), look),
};

/** Colour and dashes of the lines of each fleet. */
const lineStyles = { forescale: { colour: 'signal' }, reactive: { colour: 'other', dash: [9, 3] } };

/** One line for each fleet, of the value that `pick` takes from a sample. */
const linesOf = (fleets, what, pick, style = {}) =>
  fleets.map(({ name, samples }) => ({
    label: `${name}, ${what}`,
    width: 2,
    ...style,
    ...lineStyles[name],
    data: { x: samples.map(({ t }) => onAxis(t)), y: samples.map(pick) },
  }));

/** A row of the comparison: the name of a fleet and its newest sample. */
function rowOf({ name, samples }) {
  const { ready, replicas, capacity, p95Ms, shed } = samples.at(-1);
  const cells = [
    formatNumber(shed),
    p95Ms === undefined ? '–' : `${formatNumber(Math.round(p95Ms))} ms`,
    `${ready} of ${replicas}`,
    `${formatNumber(capacity)}/s`,
  ];
  const element = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
  const row = document.createElement('tr');
  row.append(
    Object.assign(element('th', name), { scope: 'row' }),
    ...cells.map((cell) => element('td', cell)),
  );
  return row;
}

/**
 * Simulated time for the axes, which label moments by the clock of the reader's zone: the same figures on that clock as the simulated
 * one shows.
 */
const onAxis = (t) => t + new Date(t * 1000).getTimezoneOffset() * 60;

async function refresh() {
  const { note, state, fleets } = await get('/demo/fleets');
  setText('note', note);
  byId('note').dataset.state = state;
  // What a busy machine did to both fleets is no comparison of them.
  byId('compared').hidden = state === 'withheld';
  const seen = fleets.filter(({ samples }) => samples.length > 0);
  if (seen.length === 0) return;
  byId('fleets').replaceChildren(...seen.map(rowOf));
  const times = seen.flatMap(({ samples }) => [onAxis(samples[0].t), onAxis(samples.at(-1).t)]);
  const span = { from: Math.min(...times), now: Math.max(...times), to: Math.max(...times) };
  const [{ samples }] = seen;
  const demand = { x: samples.map(({ t }) => onAxis(t)), y: samples.map((sample) => sample.demand) };
  charts.capacity.update(
    [
      { label: 'demand', colour: 'observed', width: 2, data: demand },
      ...linesOf(seen, 'capacity', (sample) => sample.capacity, { stepped: true }),
    ],
    { ...span, unit: 'requests per second' },
  );
  charts.rejected.update(
    linesOf(seen, 'rejected', (sample) => sample.shed),
    { ...span, unit: 'requests' },
  );
  charts.latency.update(
    linesOf(seen, 'p95', (sample) => sample.p95Ms ?? null),
    { ...span, unit: 'milliseconds' },
  );
}

pollWhileVisible(refresh, pollMs, () => {
  setText(
    'note',
    'The demo does not answer: it has ended, or it is being stopped. What is shown below is old.',
  );
  byId('note').dataset.state = 'unreachable';
});
