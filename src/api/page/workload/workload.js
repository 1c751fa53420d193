import { apiPath, linkToView, momentOf, queryOf, writeAddress } from '../frame/address.js';
import { byId, element, fill, setShown, setText } from '../frame/dom.js';
import { announce } from '../frame/trouble.js';
import { get } from '../live.js';
import { formatDemand, spanWords } from '../words.js';
import { archiveWords } from './archive-words.js';
import { createCharts } from './charts/draw.js';
import { nextEventRows } from './event-words.js';
import { showChanges, showEvents, showPeaks, showWeek } from './lists.js';
import { highestPeak, nextPeaks } from './peaks.js';
import { chosenRange, rangesOf } from './ranges.js';
import { createReadings } from './readings.js';
import { changesOf } from './record.js';
import { sentenceOf } from './sentence.js';
import { tileWords } from './tile-words.js';
import { offerTriggers, triggerOf } from './triggers.js';
import { createWhy } from './why/why.js';

/** Changes of the number of replicas that are listed. */
const mostChanges = 12;

/** The view of one workload. `onChoose` gets the parameters of the view's new link. */
export function createWorkload({ onChoose }) {
  let address;
  /** Another moment was chosen, and its reasons are not shown yet. */
  let isNewMoment = false;
  let toldState = '';
  const change = (parameters) => onChoose({ ...address.parameters, ...parameters });
  const pick = (moment) => change({ at: moment === undefined ? '' : String(Math.round(moment)) });
  const charts = createCharts({ onPick: pick });
  const why = createWhy({ onPick: pick });
  const readSeries = createReadings();

  byId('range').addEventListener('change', ({ target }) => change({ range: target.value }));
  byId('trigger').addEventListener('change', ({ target }) => change({ trigger: target.value }));
  byId('workload').addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && address.parameters.at) pick(undefined);
  });

  return {
    section: byId('workload'),
    title: () => `${byId('badge').textContent}: ${address.namespace}/${address.name} – Forescale`,
    open(opened) {
      if (opened.name !== address?.name || opened.namespace !== address.namespace) clear(opened);
      if (opened.parameters.at && opened.parameters.at !== address?.parameters.at) isNewMoment = true;
      address = opened;
    },
    async refresh() {
      const meant = address;
      const path = apiPath(meant);
      const trigger = await triggerOf(meant);
      const status = await get(path + queryOf({ trigger }));
      const ranges = rangesOf(status.horizonSeconds);
      const range = chosenRange(ranges, meant.parameters.range);
      const series = await readSeries(path, trigger, { status, rangeSeconds: range.seconds });
      if (meant !== address) return;
      offerTriggers(meant, trigger);
      offerRanges(ranges, range);
      const moment = momentOf(meant.parameters);
      const changes = changesOf(series.decisions);
      show(status, series);
      const state = `${meant.namespace}/${meant.name} is ${status.state}`;
      if (state !== toldState) announce(state);
      toldState = state;
      charts.show(status, series, moment);
      const linkTo = (at) => writeAddress({ ...meant, parameters: { ...meant.parameters, at } });
      showChanges(changes.slice(0, mostChanges), { nowSeconds: series.past.to, moment, linkTo });
      const { isOnRecord } = series;
      await why.refresh({ path, trigger, status, moment, changes, isOnRecord });
      if (meant !== address || !isNewMoment) return;
      isNewMoment = false;
      reveal();
    },
  };
}

/** Brings the reasons of a moment into sight, and to the ears of who does not see them. */
function reveal() {
  byId('why').scrollIntoView({ block: 'nearest' });
  announce(`${byId('why-title').textContent} ${byId('why-sentence').textContent}`);
}

/** Takes away what was shown of another workload. */
function clear(address) {
  const { namespace, name } = address;
  setText('workload-title', `${namespace}/${name}`);
  showState('asking', 'Asking the server…', []);
  setText('sentence', '');
  byId('to-what-if').href = linkToView('what-if', address);
  setShown(byId('workload-body'), false);
}

function offerRanges(ranges, chosen) {
  fill(byId('range'), JSON.stringify(ranges), () =>
    ranges.map(({ seconds, text }) => new Option(spanWords(seconds), text)),
  );
  byId('range').value = chosen.text;
}

function showState(state, headline, reasons) {
  byId('state').dataset.state = state;
  setText('badge', state);
  setText('headline', headline);
  // The first reason is in the headline already.
  const others = reasons.filter((reason) => !headline.includes(reason));
  fill(byId('reasons'), JSON.stringify(others), () =>
    others.map((textContent) => element('li', { textContent })),
  );
}

function show(status, { past, forecast, outcome, events }) {
  const { state, threshold, unit } = status;
  showState(state, status.headline, status.reasons);
  setText('sentence', sentenceOf(status, forecast));
  const maxReplicas = status.replicas?.max ?? null;
  const peaks = nextPeaks(forecast.points, { threshold, maxReplicas, nowSeconds: past.to });
  const tiles = tileWords(status, { outcome, peak: highestPeak(peaks), nowSeconds: past.to });
  for (const [id, tile] of Object.entries(tiles)) {
    setText(id, tile.value);
    setText(`${id}-note`, tile.note);
    byId(id).dataset.tone = tile.tone ?? '';
  }
  showPeaks(peaks, status);
  showEvents(nextEventRows(events, past.to));
  showWeek(outcome);
  setText('query', status.query);
  const { askedBy, source } = status;
  const asker = askedBy === null ? 'KEDA has not asked for it' : `KEDA asks replica ${askedBy.replica}`;
  setText(
    'source',
    `from ${source}, ${formatDemand(threshold, unit)} per replica. ${asker}. ${archiveWords(status.health)}`,
  );
  const warnings = [...status.warnings.map(({ message }) => message), ...status.health.warnings];
  fill(byId('warnings'), JSON.stringify(warnings), () =>
    warnings.map((textContent) => element('li', { textContent })),
  );
  setShown(byId('workload-body'), true);
}
