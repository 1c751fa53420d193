import { clockTime } from './times.js';

/** Parts of the past that one press of an arrow key passes. */
const keySteps = 96;

/**
 * Lets a past moment of a chart be chosen: by a click, or from the keyboard, where the chart is a slider with arrow keys, Home, End
 * and Enter.
 */
export function pickMoments(plot, drawn, onPick) {
  const { over } = plot;
  let at;
  over.classList.add('picks');
  over.tabIndex = 0;
  over.setAttribute('role', 'slider');
  over.setAttribute('aria-label', 'Moment to explain; Enter explains it');

  function moveTo(wanted) {
    const { from, now } = drawn.span;
    at = Math.min(now, Math.max(from, wanted));
    over.setAttribute('aria-valuemin', String(Math.round(from)));
    over.setAttribute('aria-valuemax', String(Math.round(now)));
    over.setAttribute('aria-valuenow', String(Math.round(at)));
    over.setAttribute('aria-valuetext', clockTime(at));
    plot.setCursor({ left: plot.valToPos(at, 'x'), top: plot.over.clientHeight / 2 });
  }

  over.setAttribute('aria-valuenow', '0');
  over.setAttribute('aria-valuetext', 'none chosen');
  over.addEventListener('click', () => {
    const time = plot.posToVal(plot.cursor.left, 'x');
    if (time <= drawn.span.now) onPick(time);
  });
  over.addEventListener('keydown', (event) => {
    const { from, now, moment } = drawn.span;
    const current = at ?? moment ?? now;
    const step = (now - from) / keySteps;
    const goals = { ArrowLeft: current - step, ArrowRight: current + step, Home: from, End: now };
    if (event.key in goals) moveTo(goals[event.key]);
    else if (event.key === 'Enter') onPick(current);
    else return;
    event.preventDefault();
  });
}
