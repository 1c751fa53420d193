import { element, setTextOf } from '../frame/dom.js';

/** How long to wait for more letters before the server is asked, ms. */
const typingMs = 150;

/** States in the order of the filter: what should be looked at first. */
const order = ['unavailable', 'blind', 'distrusted', 'learning', 'loading', 'reactive', 'trusted'];

/**
 * The search box and the buttons that show workloads of one state only. Calls `onChange` with what is asked for.
 * @param {{ search: HTMLInputElement, states: HTMLElement, onChange: (asked: { search?: string, state?: string }) => void }} parts
 */
export function createFilters({ search, states, onChange }) {
  let timer;
  let chosen = '';
  const buttons = new Map();

  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange({ search: search.value.trim() }), typingMs);
  });

  function buttonOf(state) {
    const count = element('b');
    const button = element(
      'button',
      { type: 'button', onclick: () => onChange({ state: chosen === state ? '' : state }) },
      `${state} `,
      count,
    );
    buttons.set(state, { button, count });
    return buttons.get(state);
  }

  return {
    /** Shows what is asked for, as a link may say it. */
    choose({ search: text = '', state = '' }) {
      chosen = state;
      if (document.activeElement !== search) search.value = text;
      for (const [name, { button }] of buttons) button.setAttribute('aria-pressed', String(name === state));
    },
    /** One button for each state that there is. */
    offer(byState) {
      for (const state of order) {
        const count = byState[state] ?? 0;
        if (count === 0 && state !== chosen && !buttons.has(state)) continue;
        const parts = buttons.get(state) ?? buttonOf(state);
        setTextOf(parts.count, String(count));
        parts.button.hidden = count === 0 && state !== chosen;
        parts.button.setAttribute('aria-pressed', String(state === chosen));
      }
      const wanted = order.filter((state) => buttons.has(state)).map((state) => buttons.get(state).button);
      if (wanted.length !== states.children.length) states.replaceChildren(...wanted);
    },
  };
}
