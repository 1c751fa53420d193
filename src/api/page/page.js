import { createChart } from './charts.js';
import {
  accuracyNear,
  comparedWithPersistence,
  formatNumber,
  formatParts,
  formatShare,
  formatSpan,
} from './words.js';

const pollMs = 2000;
const listEveryPolls = 10;
/** The server does not keep past signals; the page remembers those it has seen, an hour and more. */
const maxSignals = 2000;
const quantiles = ['0.5', '0.9', '0.99'];
const rangesInHorizons = [4, 12, 84];

const byId = (id) => document.getElementById(id);
const setText = (id, text) => {
  // Written only when it changes: a screen reader announces the status line again otherwise.
  if (byId(id).textContent !== text) byId(id).textContent = text;
};

const demandChart = createChart(byId('demand'), { height: 340, format: formatNumber });
const fleetChart = createChart(byId('fleet'), { height: 200, format: formatNumber, wholeNumbers: true });
const ofFleets = { height: 150, format: formatNumber, onlyPast: true };
const capacityChart = createChart(byId('capacity'), { ...ofFleets, height: 220 });
const shedChart = createChart(byId('shed'), { ...ofFleets, wholeNumbers: true });
const latencyChart = createChart(byId('latency'), ofFleets);

/** How the lines of the fleets look, by their order. */
const fleetLooks = [
  { colour: 'signal' },
  { colour: 'other', dash: [9, 3] },
  { colour: 'quiet', dash: [3, 3] },
];
const fleetLines = (fleets, what, pick, look = {}) =>
  fleets.map(({ name, samples }, index) => ({
    label: `${name}, ${what}`,
    width: 2,
    ...look,
    ...fleetLooks[index % fleetLooks.length],
    data: { x: samples.map((sample) => sample.t), y: samples.map(pick) },
  }));

/** What is shown; `series` is what was read when the newest row was `seriesOf`. */
const view = {
  polls: 0,
  path: '',
  horizonSeconds: 0,
  seriesOf: '',
  series: undefined,
  signals: { x: [], y: [] },
};

/** The server answered, with a problem document. */
class Problem extends Error {}

async function get(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(5000) });
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer.detail ?? `${path} answers ${response.status}`);
  return answer;
}

async function refreshList() {
  const { workloads, total } = await get('/api/v1/workloads?limit=1000');
  const triggersOf = Map.groupBy(workloads, ({ namespace, name }) => `${namespace}/${name}`);
  const options = workloads.map(({ namespace, name, trigger }) => {
    const what = `${namespace}/${name}`;
    const path = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    return new Option(
      triggersOf.get(what).length > 1 ? `${what} (${trigger})` : what,
      `${path}?trigger=${encodeURIComponent(trigger)}`,
    );
  });
  const select = byId('workload');
  const wanted = view.path || decodeURI(location.hash.slice(1));
  select.replaceChildren(...options);
  const isThere = options.some((option) => option.value === wanted);
  select.value = isThere ? wanted : (options[0]?.value ?? '');
  select.title = total > workloads.length ? `the first ${workloads.length} of ${total}` : '';
  if (select.value !== view.path) choose(select.value);
}

function choose(path) {
  Object.assign(view, {
    path,
    horizonSeconds: 0,
    seriesOf: '',
    series: undefined,
    signals: { x: [], y: [] },
  });
  history.replaceState(null, '', path === '' ? '#' : `#${path}`);
}

function offerRanges(horizonSeconds) {
  if (view.horizonSeconds === horizonSeconds) return;
  view.horizonSeconds = horizonSeconds;
  const lengths = rangesInHorizons.map((horizons) => horizons * horizonSeconds);
  byId('range').replaceChildren(
    ...lengths.map((seconds) => new Option(formatSpan(seconds), String(seconds))),
  );
  byId('range').value = String(lengths[1]);
}

/** History, forecast and accuracy change with each new row, so they are read when there is one. */
async function readSeries(status) {
  const rangeSeconds = Number(byId('range').value);
  const key = `${view.path} ${rangeSeconds} ${status.newestRowAt}`;
  if (key === view.seriesOf) return view.series;
  const [path, trigger] = view.path.split('?');
  const base = `/api/v1/workloads/${path}`;
  const [past, forecast, accuracy] = await Promise.all([
    get(`${base}/history?${trigger}&range=${rangeSeconds}s`),
    get(`${base}/forecast?${trigger}&quantiles=${quantiles.join()}`),
    get(`${base}/accuracy?${trigger}`),
  ]);
  Object.assign(view, { seriesOf: key, series: { past, forecast, accuracy, rangeSeconds } });
  return view.series;
}

function rememberSignal({ decision }) {
  const { x, y } = view.signals;
  if (decision === null || decision.at <= (x.at(-1) ?? 0)) return;
  x.push(decision.at);
  y.push(decision.signal);
  if (x.length > maxSignals) for (const column of [x, y]) column.shift();
}

function showState(state, headline, reasons = []) {
  byId('state').dataset.state = state;
  setText('badge', state);
  setText('headline', headline);
  // The first reason is in the headline already.
  const others = reasons.filter((reason) => !headline.includes(reason));
  byId('reasons').replaceChildren(
    ...others.map((reason) => Object.assign(document.createElement('li'), { textContent: reason })),
  );
}

function showTrouble(error) {
  if (error instanceof Problem) showState('problem', error.message);
  else showState('unreachable', 'Cannot reach Forescale: what is below is old', [String(error.message)]);
}

function showTiles(status, { forecast, accuracy }, fleets) {
  const { decision, observed, threshold, replicasAsked } = status;
  setText('observed', formatNumber(observed?.value));
  setText(
    'observed-note',
    observed === null
      ? 'nothing yet'
      : `at ${new Date(observed.at * 1000).toLocaleTimeString(undefined, { hourCycle: 'h23' })}`,
  );
  setText('signal', formatNumber(decision?.signal));
  const bases = {
    forecast: 'set by the forecast',
    observed: 'set by what is observed',
    'last-good': 'held from before',
  };
  setText('signal-note', decision === null ? 'KEDA gets an error' : bases[decision.basis]);
  setText('peak', formatNumber(decision?.predictedPeak));
  const within = decision === null ? '' : `within ${formatSpan(decision.windowSeconds)}`;
  setText(
    'peak-note',
    decision?.predictedPeak == null
      ? 'no forecast yet'
      : `${formatShare(decision.serviceLevel)} sure, ${within}`,
  );
  setText('replicas', formatNumber(replicasAsked));
  const actual = fleets.map(({ name, samples }) => `${name} ${samples.at(-1)?.ready ?? '–'} ready`);
  setText('replicas-note', actual.join(', ') || `asked for, ${formatNumber(threshold)} each`);
  setText('seasons', forecast.seasons.map(formatSpan).join(', ') || 'none');
  setText(
    'seasons-note',
    forecast.status === 'ok' ? 'cycles the forecast uses' : (forecast.reasons[0]?.message ?? ''),
  );
  const near = decision === null ? undefined : accuracyNear(accuracy.horizons, decision.windowSeconds);
  setText('accuracy', formatShare(near?.wape));
  setText(
    'accuracy-note',
    near
      ? `${formatSpan(near.horizonSeconds)} ahead, ${comparedWithPersistence(near.relativeToPersistence)}${near.distrust.length > 0 ? '; not to be trusted at present' : ''}`
      : 'no forecast has come due yet',
  );
}

/** What the peak is made of, and in full where the pointer rests. */
function showParts({ forecast: { value, windowSeconds, components } }) {
  setText(
    'parts',
    value === null || windowSeconds === null
      ? ''
      : `Peak expected, ${formatNumber(value)} = ${formatParts(components)}`,
  );
  byId('parts').title = components.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n');
}

/** A missing row breaks the line instead of being drawn over. */
function withGaps({ timestamps, values, stepSeconds }) {
  const x = [];
  const y = [];
  for (const [index, t] of timestamps.entries()) {
    if (index > 0 && t - timestamps[index - 1] > 1.5 * stepSeconds) {
      x.push(t - stepSeconds / 2);
      y.push(null);
    }
    x.push(t);
    y.push(values[index]);
  }
  return { x, y };
}

function showCharts(status, { past, forecast, rangeSeconds }, fleets) {
  const { threshold } = status;
  const now = status.decision?.at ?? past.to;
  const observed = withGaps(past);
  const forecastX = forecast.points.map((point) => point.t);
  // The forecast starts where the history ends, so that the eye can follow.
  const last = observed.x.at(-1) === forecast.origin ? observed.y.at(-1) : undefined;
  const quantile = (q) => ({
    x: last === undefined ? forecastX : [forecast.origin, ...forecastX],
    y: [...(last === undefined ? [] : [last]), ...forecast.points.map((point) => point.quantiles[q])],
  });
  const needed = ({ x, y }) => ({
    x,
    y: y.map((value) => (value == null ? null : Math.ceil(value / threshold))),
  });
  const span = {
    from: now - rangeSeconds,
    now,
    to: Math.max(forecastX.at(-1) ?? 0, now + status.horizonSeconds),
  };

  const band = { colour: 'forecast', hidden: true };
  demandChart.update(
    [
      { label: 'Observed', colour: 'observed', width: 2, data: observed },
      { label: 'Forecast, median', colour: 'forecast', width: 2, dash: [7, 5], data: quantile('0.5') },
      { label: 'Forecast, 90 %', ...band, fillTo: 'Forecast, median', opacity: 0.28, data: quantile('0.9') },
      { label: 'Forecast, 99 %', ...band, fillTo: 'Forecast, 90 %', opacity: 0.14, data: quantile('0.99') },
      {
        label: 'Signal',
        colour: 'signal',
        width: 2.5,
        dash: [2, 3],
        stepped: true,
        marked: true,
        data: view.signals,
      },
    ],
    span,
  );
  fleetChart.update(
    [
      { label: 'Needed for observed', colour: 'observed', stepped: true, data: needed(observed) },
      {
        label: 'Needed for forecast, 99 %',
        colour: 'forecast',
        dash: [7, 5],
        stepped: true,
        data: needed(quantile('0.99')),
      },
      {
        label: 'Asked for',
        colour: 'signal',
        width: 2.5,
        dash: [2, 3],
        stepped: true,
        marked: true,
        data: needed(view.signals),
      },
      ...fleetLines(fleets, 'ready', (sample) => sample.ready, { stepped: true }),
    ],
    span,
  );
  const highest = forecast.points.reduce((most, point) => Math.max(most, point.median), 0);
  setText(
    'demand-summary',
    `Observed ${formatNumber(status.observed?.value)}; the forecast’s median reaches ${formatNumber(highest)} within ${formatSpan(status.horizonSeconds)}.`,
  );
  setText('fleet-summary', `${formatNumber(status.replicasAsked)} replicas asked for.`);
}

/** Side by side, where fleets tell what they shed: the demo. */
function showFleets({ fleets, note = '' }) {
  const compared = fleets.filter(({ samples }) => samples.at(-1)?.shed !== undefined);
  byId('fleets').hidden = compared.length === 0;
  if (compared.length === 0) return;
  setText('fleets-note', note);
  byId('fleet-rows').replaceChildren(
    ...compared.map(({ name, samples }) => {
      const { ready, replicas, capacity, p95Ms, shed } = samples.at(-1);
      const latency = p95Ms === undefined ? '–' : `${formatNumber(Math.round(p95Ms))} ms`;
      return rowOf(name, [
        `${ready} of ${replicas}`,
        `${formatNumber(capacity)}/s`,
        latency,
        formatNumber(shed),
      ]);
    }),
  );
  const times = compared.flatMap(({ samples }) => [samples[0].t, samples.at(-1).t]);
  const span = { from: Math.min(...times), now: Math.max(...times), to: Math.max(...times) };
  const [{ samples }] = compared;
  const demand = { x: samples.map(({ t }) => t), y: samples.map((sample) => sample.demand) };
  capacityChart.update(
    [
      { label: 'demand', colour: 'observed', width: 2, data: demand },
      ...fleetLines(compared, 'can serve', (sample) => sample.capacity, { stepped: true }),
    ],
    span,
  );
  shedChart.update(
    fleetLines(compared, 'shed', (sample) => sample.shed),
    span,
  );
  latencyChart.update(
    fleetLines(compared, 'p95', (sample) => sample.p95Ms ?? null),
    span,
  );
}

function rowOf(heading, cells) {
  const row = document.createElement('tr');
  const of = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
  row.append(Object.assign(of('th', heading), { scope: 'row' }), ...cells.map((cell) => of('td', cell)));
  return row;
}

async function refresh() {
  if (view.polls++ % listEveryPolls === 0 || view.path === '') await refreshList();
  if (view.path === '') {
    showState('waiting', 'No workload yet: KEDA has not asked', [
      'Apply a ScaledObject with an external trigger, or declare a workload in the configuration.',
    ]);
    return;
  }
  const [path, trigger] = view.path.split('?');
  const [status, explanation, compared] = await Promise.all([
    get(`/api/v1/workloads/${path}?${trigger}`),
    get(`/api/v1/workloads/${path}/explain?${trigger}`),
    get('/api/v1/fleets'),
  ]);
  offerRanges(status.horizonSeconds);
  rememberSignal(status);
  const series = await readSeries(status);
  showState(status.state, status.headline, status.reasons);
  showTiles(status, series, compared.fleets);
  showParts(explanation);
  showCharts(status, series, compared.fleets);
  showFleets(compared);
  setText('query', status.query);
  setText('source', `from ${status.source}, ${formatNumber(status.threshold)} per replica`);
  document.title = `${status.state}: ${status.namespace}/${status.name} – Forescale`;
}

let timer;
let busy = false;

/** One poll at a time, none while nobody looks. */
async function poll() {
  clearTimeout(timer);
  if (busy || document.hidden) return;
  busy = true;
  try {
    await refresh();
  } catch (error) {
    view.polls = 0;
    showTrouble(error);
  }
  busy = false;
  timer = setTimeout(poll, pollMs);
}

byId('workload').addEventListener('change', ({ target }) => {
  choose(target.value);
  void poll();
});
byId('range').addEventListener('change', () => poll());
document.addEventListener('visibilitychange', () => poll());
void poll();
