import { element, setTextOf } from '../frame/dom.js';
import { columns, rowWords } from './row-words.js';

/** Keeps the rows of a table the same as a list of workloads: rows stay, texts change, and the focus is kept where rows move. */
export function createRows(body) {
  const rows = new Map();

  return (workloads, nowSeconds) => {
    const wanted = workloads.map((workload) => {
      const { namespace, name, trigger, shard } = workload;
      const key = `${namespace}/${name}?${trigger} ${shard}`;
      const row = rows.get(key) ?? createRow();
      rows.set(key, row);
      row.update(workload, nowSeconds);
      return row.element;
    });
    const isSameOrder =
      wanted.length === body.children.length && wanted.every((row, index) => row === body.children[index]);
    if (isSameOrder) return;
    const focused = document.activeElement;
    body.replaceChildren(...wanted);
    if (body.contains(focused)) focused.focus({ preventScroll: true });
    const shown = new Set(wanted);
    for (const [key, row] of rows) if (!shown.has(row.element)) rows.delete(key);
  };
}

function createRow() {
  const link = element('a');
  const reason = element('span', { className: 'reason' });
  const badge = element('span', { className: 'badge' });
  const cells = columns.map(([name, title]) => element('td', { className: name, 'data-title': title }));
  const row = element(
    'tr',
    {},
    element('th', { scope: 'row' }, link, reason),
    element('td', { className: 'state' }, badge),
    ...cells,
  );
  let shown = '';
  return {
    element: row,
    update(workload, nowSeconds) {
      const words = rowWords(workload, nowSeconds);
      const newShown = JSON.stringify(words);
      // Most rows are as they were, and what is not touched is not laid out again.
      if (newShown === shown) return;
      shown = newShown;
      row.dataset.attention = badge.dataset.tone = words.attention;
      link.href = words.href;
      link.textContent = words.name;
      reason.textContent = words.reason;
      badge.textContent = words.state;
      for (const [index, cell] of cells.entries()) setTextOf(cell, words.cells[index]);
      cells.at(-1).classList.toggle('too-high', words.isPeakAboveMax);
    },
  };
}
