/** Milliseconds as people read them. */
export function formatMs(ms) {
  if (ms === null || ms === undefined) return '–';
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function element(name, { text, ...properties } = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/** Draws a call tree into `tree` (role tree). Closed branches stay closed and the focus stays where it is. */
export function drawTree(tree, call) {
  const items = [...tree.querySelectorAll('[role=treeitem]')];
  const closed = new Set(
    items.filter((item) => item.ariaExpanded === 'false').map((item) => item.dataset.path),
  );
  const focused = tree.contains(document.activeElement) ? document.activeElement.dataset.path : undefined;
  const tabbed = tree.querySelector('[tabindex="0"]')?.dataset.path;
  tree.replaceChildren(drawCall(call, '0', call.durationMs, closed));
  const at = (path) => tree.querySelector(`[data-path="${path}"]`);
  const entry = at(focused ?? tabbed) ?? at('0');
  entry.tabIndex = 0;
  if (focused !== undefined) entry.focus();
}

/** Makes the tree answer the keys that WAI-ARIA describes: arrows, Home, End. */
export function listenToKeys(tree) {
  tree.addEventListener('keydown', (event) => {
    const item = event.target.closest('[role=treeitem]');
    if (item === null) return;
    const shown = [...tree.querySelectorAll('[role=treeitem]')].filter(
      (one) => one.parentElement.closest('[aria-expanded="false"]') === null,
    );
    const index = shown.indexOf(item);
    const moves = {
      ArrowDown: () => shown[index + 1],
      ArrowUp: () => shown[index - 1],
      Home: () => shown[0],
      End: () => shown.at(-1),
      ArrowRight: () =>
        item.ariaExpanded === 'false' ? setOpen(item, true) : item.querySelector('[role=treeitem]'),
      ArrowLeft: () =>
        item.ariaExpanded === 'true' ? setOpen(item, false) : item.parentElement.closest('[role=treeitem]'),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const next = move();
    if (!next) return;
    for (const one of shown) one.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  tree.addEventListener('click', (event) => {
    const item = event.target.closest('[role=treeitem]');
    if (item?.ariaExpanded) setOpen(item, item.ariaExpanded === 'false');
  });
}

function setOpen(item, isOpen) {
  item.ariaExpanded = String(isOpen);
  return item;
}

function drawCall(call, path, wholeMs, closed) {
  const item = element('div', { role: 'treeitem', 'data-path': path, tabindex: '-1' }, [
    drawRow(call, wholeMs),
  ]);
  item.ariaLabel = spoken(call);
  if (call.calls.length > 0) {
    setOpen(item, !closed.has(path));
    const inner = call.calls.map((one, i) => drawCall(one, `${path}-${i}`, wholeMs, closed));
    item.append(element('div', { role: 'group' }, inner));
  }
  return item;
}

function drawRow(call, wholeMs) {
  const { name, instance, url, status, durationMs, ownMs, error } = call;
  const who = element('span', { class: 'who', text: name });
  who.append(' ', element('span', { class: 'replica', text: instance ?? url ?? '' }));
  const bar = element('span', { class: 'bar' }, [
    sized('own', Math.min(ownMs, durationMs), wholeMs),
    sized('waiting', Math.max(0, durationMs - ownMs), wholeMs),
  ]);
  const row = element('div', { class: 'row' }, [
    who,
    element('span', {
      class: error === undefined ? 'good' : 'bad',
      text: status === null ? 'none' : String(status),
    }),
    element('span', { class: 'times', text: `${formatMs(durationMs)}, own ${formatMs(ownMs)}` }),
    bar,
  ]);
  if (error !== undefined)
    row.append(element('span', { class: 'why', text: `${error.code}: ${error.detail}` }));
  return row;
}

function sized(name, partMs, wholeMs) {
  const part = element('span', { class: name });
  part.style.width = `${wholeMs > 0 ? Math.min(100, (100 * partMs) / wholeMs) : 0}%`;
  return part;
}

function spoken({ name, status, durationMs, ownMs, error }) {
  const end = status === null ? 'no answer' : `status ${status}`;
  const why = error === undefined ? '' : `, ${error.code}`;
  return `${name}, ${end}${why}, ${formatMs(durationMs)}, own ${formatMs(ownMs)}`;
}
