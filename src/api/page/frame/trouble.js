import { byId, Problem, setText } from '../live.js';
import { setShown } from './dom.js';

/** Says what is wrong where the server refuses or cannot be reached; undefined = nothing is. */
export function showTrouble(error) {
  setShown(byId('trouble'), error !== undefined);
  if (error === undefined) return;
  setText(
    'trouble-text',
    error instanceof Problem ? error.message : 'Cannot reach Forescale: what is shown below is old.',
  );
}

/** Tells a screen reader of a change that a reader of the page would see by its colour; the same text only once. */
export function announce(text) {
  setText('announcement', text);
}
