import { queryOf } from '../../frame/address.js';
import { byId, element, fill, setShown, setText } from '../../frame/dom.js';
import { get, Problem } from '../../live.js';
import { changesAround } from '../record.js';
import { presentWhy, recordedWhy } from './why-words.js';

/** The panel that explains the decision of now or of a chosen moment. `onPick` gets another moment, or undefined for now. */
export function createWhy({ onPick }) {
  let key = '';
  let why;
  let around = {};

  byId('earlier').addEventListener('click', () => onPick(around.earlier?.at));
  byId('later').addEventListener('click', () => onPick(around.later?.at));
  byId('to-now').addEventListener('click', () => onPick(undefined));
  byId('ask-moment').addEventListener('submit', (event) => {
    event.preventDefault();
    const moment = new Date(byId('moment').value).getTime() / 1000;
    if (Number.isFinite(moment)) onPick(moment);
  });

  return {
    /** Reads the explanation where it is another than the one that is shown, and shows it. */
    async refresh({ path, trigger, status, moment, changes, isOnRecord }) {
      const newest = status.decision?.at;
      const at = moment ?? (isOnRecord ? newest : undefined);
      const newKey = [path, trigger, moment ?? newest, at === undefined].join(' ');
      if (newKey !== key) {
        why = await readWhy(path, trigger, { at, isNow: moment === undefined, unit: status.unit });
        key = newKey;
      }
      around = changesAround(changes, at ?? 0);
      byId('earlier').disabled = around.earlier === undefined;
      byId('later').disabled = moment === undefined || around.later === undefined;
      setShown(byId('to-now'), moment !== undefined);
      show(why);
    },
  };
}

async function readWhy(path, trigger, { at, isNow, unit }) {
  try {
    if (at !== undefined)
      return recordedWhy(await get(`${path}/explain${queryOf({ trigger, at })}`), unit, isNow);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
    if (!isNow)
      return {
        title: 'Nothing is on record for this moment',
        when: '',
        sentence: error.message,
        sums: [],
        facts: [],
      };
  }
  return presentWhy(await get(`${path}/explain${queryOf({ trigger })}`), unit);
}

/** @param {import('./why-words.js').Why} why */
function show({ title, when, sentence, sums, facts }) {
  setText('why-title', title);
  setText('why-when', when);
  setText('why-sentence', sentence);
  fill(byId('why-sums'), JSON.stringify(sums), () => sums.map(sumTable));
  fill(byId('why-facts'), JSON.stringify(facts), () =>
    facts.map(([name, value]) =>
      element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value })),
    ),
  );
}

/** A table of parts, each with its amount and a bar whose length and side of zero are the amount’s. */
function sumTable({ caption, rows }) {
  return element(
    'table',
    { className: 'sum' },
    element('caption', { textContent: caption }),
    element('tbody', {}, ...rows.map(partRow)),
  );
}

function partRow({ meaning, amount, share }) {
  const bar = element('span', { className: share < 0 ? 'bar less' : 'bar' });
  bar.style.width = `${Math.abs(share) * 100}%`;
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, meaning, element('span', { className: 'track' }, bar)),
    element('td', { textContent: amount }),
  );
}
