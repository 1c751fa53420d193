import { Problem, Unreachable } from '../live.js';
import { byId, setShown, setText } from './dom.js';

/** Says what is wrong where the server refuses or cannot be reached, or the page itself fails; undefined = nothing is. */
export function showTrouble(error) {
  setShown(byId('trouble'), error !== undefined);
  if (error === undefined) return;
  const isForeseen = error instanceof Problem || error instanceof Unreachable;
  if (!isForeseen) console.error(error);
  setText(
    'trouble-text',
    isForeseen
      ? error.message
      : `This page has a fault, please report it: ${error}. What it shows may be old.`,
  );
}

/** Tells a screen reader of a change that a reader of the page would see by its colour; the same text only once. */
export function announce(text) {
  setText('announcement', text);
}
