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
  headroom: 'set by the observed demand with headroom',
  'last-good': 'the last good value, held',
};

/** Writes the numbers at the top of the page and a note below each. */
export function showTiles(status, { forecast, accuracy }) {
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

/** Writes why KEDA is told its value and what the expected peak is made of. The pointer shows what each part means. */
export function showExplanation({ summary, forecast: { value, windowSeconds, components } }) {
  setText('explanation', summary);
  setText(
    'parts',
    value === null || windowSeconds === null
      ? ''
      : `The expected peak of ${formatNumber(value)}: ${formatParts(components)}.`,
  );
  byId('parts').title = components.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n');
}
