import { apiPath, linkToView, queryOf } from '../frame/address.js';
import { byId, element, fill, setShown, setText } from '../frame/dom.js';
import { get } from '../live.js';
import { triggerOf } from '../workload/triggers.js';
import { createPlayer } from './play.js';
import { showGroups } from './result-table.js';
import { judgedWords, resultGroups, resultSentences } from './result-words.js';
import { assumedSettings, changedSettings, presentSettings, settingsOf } from './settings.js';
import { createSliders } from './sliders.js';

/** How long the sliders rest before the server is asked, ms. */
const restMs = 600;

/** The view that plays other settings of a workload on its own demand. `onChoose` gets the parameters of the view's new link. */
export function createWhatIf({ onChoose }) {
  const player = createPlayer();
  let address;
  let asked;
  let timer;

  const sliders = createSliders(byId('sliders'), {
    onChange(settings) {
      const changed = changedSettings(settings, asked.present);
      const { trigger } = address.parameters;
      onChoose({ ...(trigger ? { trigger } : {}), ...changed });
      playSoon(restMs);
    },
  });
  byId('play-again').addEventListener('submit', (event) => {
    event.preventDefault();
    playSoon(0);
  });
  byId('reset').addEventListener('click', () => {
    sliders.show(asked.present, asked.present, asked.about);
    onChoose({});
    playSoon(0);
  });

  function playSoon(delayMs) {
    clearTimeout(timer);
    timer = setTimeout(() => void play(), delayMs);
  }

  async function play() {
    const signal = player.restart();
    const { present } = asked;
    const settings = settingsOf(address.parameters, present);
    const isChanged = Object.keys(changedSettings(settings, present)).length > 0;
    const stopClock = showProgress();
    try {
      const now = await player.play(present, asked, signal);
      const changed = isChanged ? await player.play(settings, asked, signal) : undefined;
      if (!signal.aborted) showResult(now, changed);
    } catch (error) {
      if (!signal.aborted) showRefusal(error, player.asksForToken(error));
    } finally {
      stopClock(signal.aborted);
    }
  }

  return {
    section: byId('what-if'),
    title: () => `What if: ${address.namespace}/${address.name} – Forescale`,
    open(opened) {
      const isOther = opened.name !== address?.name || opened.namespace !== address.namespace;
      address = opened;
      if (isOther) {
        asked = undefined;
        player.reset();
        setShown(byId('what-if-body'), false);
      }
      setText('what-if-title', `What if: ${address.namespace}/${address.name}`);
      setText('back-to-workload', `${address.namespace}/${address.name}`);
      byId('back-to-workload').href = linkToView('workload', address);
    },
    async refresh() {
      if (asked !== undefined) return;
      const meant = address;
      const trigger = await triggerOf(meant);
      const status = await get(apiPath(meant) + queryOf({ trigger }));
      if (meant !== address) return;
      asked = { address: meant, trigger, status, ...askedOf(status) };
      sliders.show(settingsOf(meant.parameters, asked.present), asked.present, asked.about);
      setShown(byId('what-if-body'), true);
      setShown(byId('results'), false);
      playSoon(0);
    },
  };
}

/** What the sliders begin with, and what they have to know about it. */
function askedOf(status) {
  return {
    present: presentSettings(status),
    about: { unit: status.unit, assumed: assumedSettings(status) },
  };
}

/** Shows that it is played, and for how long. Returns a function that ends this. */
function showProgress() {
  setShown(byId('what-if-refusal'), false);
  setShown(byId('progress'), true);
  byId('results').setAttribute('aria-busy', 'true');
  const start = performance.now();
  const tick = () =>
    setText(
      'progress-words',
      `Playing up to four weeks of demand: ${Math.round((performance.now() - start) / 1000)} s`,
    );
  tick();
  const timer = setInterval(tick, 1000);
  return (isReplaced) => {
    clearInterval(timer);
    if (isReplaced) return;
    setShown(byId('progress'), false);
    byId('results').removeAttribute('aria-busy');
  };
}

function showResult(present, changed) {
  fill(byId('verdict'), JSON.stringify([present.verdict, changed ?? null]), () =>
    resultSentences(present, changed).map((textContent) => element('p', { textContent })),
  );
  showGroups(byId('result-table'), resultGroups(present, changed));
  setText('judged', judgedWords(changed ?? present));
  setShown(byId('results'), true);
}

function showRefusal({ message, status }, isAskedForToken) {
  setShown(byId('what-if-refusal'), true);
  setText(
    'what-if-refusal-words',
    isAskedForToken && status === 401
      ? `This server plays what-ifs only for those with its API token. ${message}`
      : message,
  );
}
