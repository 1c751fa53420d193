import { createChart } from './charts.js';
import { byId, get, Problem, pollWhileVisible, setText } from './live.js';
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
/** Number of signals that the page remembers, more than an hour of them, because the server keeps no past signals. */
const maxSignals = 2000;
const quantiles = ['0.5', '0.9', '0.99'];
const rangesInHorizons = [4, 12, 84];

const demandChart = createChart(byId('demand'), { height: 340, format: formatNumber });
const fleetChart = createChart(byId('fleet'), { height: 200, format: formatNumber, wholeNumbers: true });

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
  else showState('unreachable', 'Cannot reach Forescale: the values below are old', [String(error.message)]);
}

function showTiles(status, { forecast, accuracy }) {
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
    observed: 'set by the observed demand',
    'last-good': 'the last good value, held',
  };
  setText('signal-note', decision === null ? 'KEDA gets an error' : bases[decision.basis]);
  setText('peak', formatNumber(decision?.predictedPeak));
  setText(
    'peak-note',
    decision?.predictedPeak == null
      ? 'no forecast yet'
      : `${formatShare(decision.serviceLevel)} sure, for the next ${formatSpan(decision.windowSeconds)}`,
  );
  setText('replicas', formatNumber(replicasAsked));
  setText('replicas-note', `to carry ${formatNumber(threshold)} each`);
  setText('seasons', forecast.seasons.map(formatSpan).join(', ') || 'no pattern');
  setText(
    'seasons-note',
    forecast.status === 'ok' ? 'seasons that the forecast uses' : (forecast.reasons[0]?.message ?? ''),
  );
  const near = decision === null ? undefined : accuracyNear(accuracy.horizons, decision.windowSeconds);
  setText('accuracy', formatShare(near?.wape));
  setText(
    'accuracy-note',
    near
      ? `${formatSpan(near.horizonSeconds)} ahead, ${comparedWithPersistence(near.relativeToPersistence)}${near.distrust.length > 0 ? '; not reliable at present' : ''}`
      : 'no forecast has come due yet',
  );
}

/** Why KEDA is told what it is told, and what the expected peak is made of; the pointer shows what each part means. */
function showExplanation({ summary, forecast: { value, windowSeconds, components } }) {
  setText('explanation', summary);
  setText(
    'parts',
    value === null || windowSeconds === null
      ? ''
      : `The expected peak of ${formatNumber(value)}: ${formatParts(components)}.`,
  );
  byId('parts').title = components.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n');
}

/** The rows as a line with a gap where rows are missing. */
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

function showCharts(status, { past, forecast, rangeSeconds }) {
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
      {
        label: 'Bound, 90 % sure',
        ...band,
        fillTo: 'Forecast, median',
        opacity: 0.28,
        data: quantile('0.9'),
      },
      {
        label: 'Bound, 99 % sure',
        ...band,
        fillTo: 'Bound, 90 % sure',
        opacity: 0.14,
        data: quantile('0.99'),
      },
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
      { label: 'Needed for observed demand', colour: 'observed', stepped: true, data: needed(observed) },
      {
        label: 'Needed for the 99 % bound',
        colour: 'forecast',
        dash: [7, 5],
        stepped: true,
        data: needed(quantile('0.99')),
      },
      {
        label: 'Requested',
        colour: 'signal',
        width: 2.5,
        dash: [2, 3],
        stepped: true,
        marked: true,
        data: needed(view.signals),
      },
    ],
    span,
  );
  const highest = forecast.points.reduce((most, point) => Math.max(most, point.median), 0);
  setText(
    'demand-summary',
    `Observed ${formatNumber(status.observed?.value)}; the forecast’s median reaches ${formatNumber(highest)} within ${formatSpan(status.horizonSeconds)}.`,
  );
  setText(
    'demand-note',
    status.decision === null
      ? ''
      : `The bounds are for means over ${formatSpan(status.gridSeconds)}. The expected peak is for the highest mean over ${formatSpan(status.stepSeconds)} in the next ${formatSpan(status.decision.windowSeconds)}, and the signal may add the tolerance of the HPA, so both can be above the bounds.`,
  );
  setText('fleet-summary', `${formatNumber(status.replicasAsked)} replicas requested.`);
}

async function refresh() {
  if (view.polls++ % listEveryPolls === 0 || view.path === '') await refreshList();
  if (view.path === '') {
    showState('waiting', 'No workload yet: KEDA has not asked for one', [
      'Apply a ScaledObject with an external trigger, or declare a workload in the configuration.',
    ]);
    return;
  }
  const [path, trigger] = view.path.split('?');
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
  showCharts(status, series);
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
