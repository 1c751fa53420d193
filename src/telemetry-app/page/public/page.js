import { drawTree, element, formatMs, listenToKeys } from './call-tree.js';

const everyMs = 1000;
const timeoutMs = 3000;
const byId = (id) => document.getElementById(id);
const tree = byId('tree');
const pause = byId('pause');

let drawn = '';
let isHeld = false;

function showTree({ traceId, call }) {
  const key = `${traceId} ${call.durationMs}`;
  if (key === drawn) return;
  drawn = key;
  byId('tree-note').textContent = `trace ${traceId}`;
  drawTree(tree, call);
}

function drawLine(svg, values) {
  const highest = Math.max(1e-9, ...values);
  const points = values.map((value, i) => `${(i * 60) / (values.length - 1)},${19 - (18 * value) / highest}`);
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  line.setAttribute('points', points.join(' '));
  svg.replaceChildren(line);
}

function showReplicas(replicas) {
  const rows = replicas.map((replica) => {
    const { name, instance, url, state, calls, failed, lastOwnMs, lastError, secondsAgo } = replica;
    const tone = { answering: 'good', failing: 'bad', silent: 'caution' }[state];
    const why = state === 'failing' && lastError !== undefined ? ` (${lastError.code})` : '';
    return element('tr', {}, [
      element('th', { scope: 'row', text: name }),
      element('td', { text: instance ?? url ?? '' }),
      element('td', { class: tone, text: state + why }),
      element('td', { text: String(calls) }),
      element('td', { text: String(failed) }),
      element('td', { text: formatMs(lastOwnMs) }),
      element('td', { text: secondsAgo < 2 ? 'now' : `${secondsAgo} s ago` }),
    ]);
  });
  byId('replicas').replaceChildren(...rows);
}

function show(now) {
  document.title = `${now.name} – telemetry app`;
  byId('name').textContent = now.name;
  const state = byId('state');
  state.textContent = `${now.state} – ${now.instance}, version ${now.version}`;
  state.className = now.state === 'ready' ? 'good' : 'caution';
  byId('rate').textContent = now.requestsPerSecond.toFixed(1);
  byId('p95').textContent = formatMs(now.latencyMs.p95);
  byId('p50-p99').textContent = `${formatMs(now.latencyMs.p50)}, ${formatMs(now.latencyMs.p99)}`;
  byId('failed').textContent = `${(100 * now.failedRatio).toFixed(1)} %`;
  byId('failed').className = now.failedRatio > 0 ? 'bad' : '';
  byId('in-flight').textContent = String(now.inFlight);
  drawLine(
    byId('rate-line'),
    now.seconds.map(({ requests }) => requests),
  );
  drawLine(
    byId('p95-line'),
    now.seconds.map(({ p95Ms }) => p95Ms ?? 0),
  );
  showReplicas(now.replicas);
  if (now.latest !== null && !isHeld) showTree(now.latest);
}

async function ask(path) {
  return await fetch(path, { signal: AbortSignal.timeout(timeoutMs), cache: 'no-store' });
}

async function poll() {
  if (!document.hidden) {
    try {
      const answer = await ask('ui/state');
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      show(await answer.json());
    } catch (error) {
      byId('state').textContent = `cannot reach the app: ${error.message}`;
      byId('state').className = 'bad';
    }
  }
  setTimeout(poll, everyMs);
}

byId('send').addEventListener('click', async () => {
  const button = byId('send');
  button.disabled = true;
  try {
    // A failed request has a call tree too; an answer without one shows its problem.
    const answer = await fetch('calls', { cache: 'no-store' });
    const { traceId, call, title } = await answer.json();
    if (call === undefined) byId('tree-note').textContent = `${answer.status}: ${title}`;
    else showTree({ traceId, call });
  } catch (error) {
    byId('tree-note').textContent = `the request failed: ${error.message}`;
  }
  button.disabled = false;
  button.focus();
});

pause.addEventListener('click', () => {
  isHeld = !isHeld;
  pause.setAttribute('aria-pressed', String(isHeld));
});

listenToKeys(tree);
await poll();
