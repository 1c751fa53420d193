import { byId, setText } from './live.js';
import {
  accuracyNear,
  comparedWithPersistence,
  formatNumber,
  formatParts,
  formatShare,
  formatSpan,
} from './words.js';

const bases = {
  forecast: 'set by the forecast',
  observed: 'set by the observed demand',
  margin: 'set by the observed demand with a margin',
  headroom: 'set by the observed demand with headroom',
  'last-good': 'the last good value, held',
};

/** Writes the numbers at the top of the page and a note below each. */
export function showTiles(status, { forecast, accuracy, outcome }) {
  const { decision, observed, threshold, replicasAsked } = status;
  setText('observed', formatNumber(observed?.value));
  setText(
    'observed-note',
    observed === null
      ? 'nothing yet'
      : `at ${new Date(observed.at * 1000).toLocaleTimeString(undefined, { hourCycle: 'h23' })}`,
  );
  setText('signal', formatNumber(decision?.signal));
  setText('signal-note', decision === null ? 'KEDA gets an error' : bases[decision.basis]);
  setText('peak', formatNumber(decision?.predictedPeak));
  setText(
    'peak-note',
    decision?.predictedPeak == null
      ? 'no forecast yet'
      : `${levelWords(decision)}, for the next ${formatSpan(decision.windowSeconds)}`,
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
  showOutcome(outcome);
}

/** Words for which level of the peak is planned for: `97.2% sure`; below a half the level is no bound. */
function levelWords({ askedLevel, askedFactor }) {
  const less = askedFactor < 1 ? ` less ${formatShare(1 - askedFactor)}` : '';
  return askedLevel < 0.5 ? `${formatShare(askedLevel)} level${less}` : `${formatShare(askedLevel)} sure`;
}

/** Advice that asks for nothing to be done is not worth a sentence beside the summary. */
const noAction = ['too-early', 'leave-on', 'leave-off'];

/** Writes how the last week was served, how the reactive rule would have served it, and what to do. */
function showOutcome({ windows, summary, advice }) {
  const week = windows.find(({ window }) => window === '7d');
  setText('short', formatShare(week && 1 - week.forescale.achievedService));
  setText(
    'short-note',
    week ? `reactive rule: ${formatShare(1 - week.reactive.achievedService)}` : 'nothing could be played yet',
  );
  setText('hours', formatNumber(week?.forescale.replicaHours));
  setText('hours-note', week ? `reactive rule: ${formatNumber(week.reactive.replicaHours)}` : '');
  const toDo = advice.filter(({ code }) => !noAction.includes(code)).map(({ message }) => message);
  setText('outcome', [summary, ...toDo].join(' '));
}

/** Writes why KEDA is told its value and what the peak at the level asked for is made of. The pointer shows what each part means. */
export function showExplanation({ summary, forecast: { value, windowSeconds, components } }) {
  setText('explanation', summary);
  setText(
    'parts',
    value === null || windowSeconds === null
      ? ''
      : `The peak of ${formatNumber(value)} at the level asked for: ${formatParts(components)}.`,
  );
  byId('parts').title = components.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n');
}
