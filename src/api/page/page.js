import { byId, get, Problem, pollWhileVisible, setText } from './live.js';
import { showExplanation, showTiles } from './tiles.js';
import { formatNumber, formatSpan } from './words.js';
import { showCharts } from './workload-charts.js';

const pollMs = 2000;
const listEveryPolls = 10;
/** Number of signals that the page remembers, more than an hour of them, because the server keeps no past signals. */
const maxSignals = 2000;
const quantiles = ['0.5', '0.9', '0.99'];
const rangesInHorizons = [4, 12, 84];

/** What the page shows. `series` was read for `seriesOf`: workload, range and newest row. */
const view = {
  polls: 0,
  path: '',
  horizonSeconds: 0,
  seriesOf: '',
  series: undefined,
  signals: { x: [], y: [] },
};

async function refreshList() {
  const { workloads, total } = await get('/api/v1/workloads?limit=1000');
  const options = workloads.map(({ namespace, name, trigger }) => {
    const what = `${namespace}/${name}`;
    const path = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    // The list names the trigger only where a workload has several.
    return trigger === undefined
      ? new Option(what, path)
      : new Option(`${what} (${trigger})`, `${path}?trigger=${encodeURIComponent(trigger)}`);
  });
  const select = byId('workload');
  const wanted = view.path || decodeURI(location.hash.slice(1));
  select.replaceChildren(...options);
  // A link may leave out the trigger, where a workload has only one.
  const linked = options.find(({ value }) => value === wanted || value.startsWith(`${wanted}?`));
  select.value = (linked ?? options[0])?.value ?? '';
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

/** History, forecast, accuracy and outcome change with each new row, so they are read when there is one. */
async function readSeries(status) {
  const rangeSeconds = Number(byId('range').value);
  const key = `${view.path} ${rangeSeconds} ${status.newestRowAt}`;
  if (key === view.seriesOf) return view.series;
  const [path, trigger = ''] = view.path.split('?');
  const base = `/api/v1/workloads/${path}`;
  const [past, forecast, accuracy, outcome] = await Promise.all([
    get(`${base}/history?${trigger}&range=${rangeSeconds}s`),
    get(`${base}/forecast?${trigger}&quantiles=${quantiles.join()}`),
    get(`${base}/accuracy?${trigger}`),
    get(`${base}/outcome?${trigger}`),
  ]);
  Object.assign(view, { seriesOf: key, series: { past, forecast, accuracy, outcome, rangeSeconds } });
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
  else showState('unreachable', 'Cannot reach Forescale: the values below are old', [String(error.message)]);
}

async function refresh() {
  if (view.polls++ % listEveryPolls === 0 || view.path === '') await refreshList();
  if (view.path === '') {
    showState('waiting', 'No workload yet: KEDA has not asked for one', [
      'Apply a ScaledObject with an external trigger, or declare a workload in the configuration.',
    ]);
    return;
  }
  const [path, trigger = ''] = view.path.split('?');
  const [status, explanation] = await Promise.all([
    get(`/api/v1/workloads/${path}?${trigger}`),
    get(`/api/v1/workloads/${path}/explain?${trigger}`),
  ]);
  offerRanges(status.horizonSeconds);
  rememberSignal(status);
  const series = await readSeries(status);
  showState(status.state, status.headline, status.reasons);
  showTiles(status, series);
  showExplanation(explanation);
  showCharts(status, series, view.signals);
  setText('query', status.query);
  setText('source', `from ${status.source}, ${formatNumber(status.threshold)} per replica`);
  document.title = `${status.state}: ${status.namespace}/${status.name} – Forescale`;
}

function onError(error) {
  // Reads the list again at the next poll, because the chosen workload may be gone.
  view.polls = 0;
  showTrouble(error);
}

const poll = pollWhileVisible(refresh, pollMs, onError);
byId('workload').addEventListener('change', ({ target }) => {
  choose(target.value);
  void poll();
});
byId('range').addEventListener('change', () => poll());
