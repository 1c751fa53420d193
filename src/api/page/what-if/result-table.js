import { element } from '../frame/dom.js';

/** Columns of the table that have a bar, each with the number that the bar is as long as. */
const bars = { 0: 'short', 3: 'hours' };

/** Shows groups of rows, with bars that compare the rows of all groups. */
export function showGroups(table, groups) {
  const rows = groups.flatMap((group) => group.rows);
  const most = (of) => Math.max(...rows.map((row) => row[of]), Number.MIN_VALUE);
  const longest = { short: most('short'), hours: most('hours') };
  for (const body of [...table.tBodies]) body.remove();
  table.append(...groups.map((group) => groupOf(group, longest)));
}

function groupOf({ title, rows }, longest) {
  const heading = element('th', { scope: 'rowgroup', colSpan: 6, textContent: title });
  const rowOf = (row) =>
    element(
      'tr',
      { className: row.isOurs ? 'ours' : '' },
      element('th', { scope: 'row', textContent: row.name }),
      ...row.cells.map((words, index) => cellOf(words, row[bars[index]] / longest[bars[index]])),
    );
  return element('tbody', {}, element('tr', { className: 'group' }, heading), ...rows.map(rowOf));
}

function cellOf(words, share) {
  if (Number.isNaN(share)) return element('td', { textContent: words });
  const bar = element('span', { className: 'bar' });
  bar.style.width = `${share * 100}%`;
  return element('td', {}, words, bar);
}
