import { readAddress, writeAddress } from './frame/address.js';
import { byId, setShown } from './frame/dom.js';
import { createModeSwitch } from './frame/mode.js';
import { showTrouble } from './frame/trouble.js';
import { pollWhileVisible, readFrom } from './live.js';
import { createOverview } from './overview/overview.js';
import { createWhatIf } from './what-if/what-if.js';
import { createWorkload } from './workload/workload.js';

const pollMs = 2000;
/** The state of the server is asked for with every so many refreshes of the view. */
const modeEveryPolls = 3;

let address = readAddress(location.hash);
let polls = 0;

const mode = createModeSwitch({ onChange: () => poll() });
/** Each view has a section of the page, opens a link, and refreshes what it shows. */
const views = {
  overview: createOverview({ onChoose: choose }),
  workload: createWorkload({ onChoose: choose }),
  'what-if': createWhatIf({ onChoose: choose }),
};

/** Changes what is chosen in the view, and the link with it, without a step in the browser's history. */
function choose(parameters) {
  const { shard } = address.parameters;
  address = { ...address, parameters: { shard, ...parameters } };
  history.replaceState(null, '', writeAddress(address));
  views[address.view].open(address);
  void poll();
}

function follow() {
  const before = address;
  address = readAddress(location.hash);
  const isOther = before.view !== address.view || before.name !== address.name;
  show();
  if (!isOther) return;
  scrollTo(0, 0);
  byId(`${address.view}-title`).focus({ preventScroll: true });
}

function show() {
  for (const [name, { section }] of Object.entries(views)) setShown(section, name === address.view);
  showTrouble(undefined);
  readFrom(address.view === 'overview' ? undefined : address.parameters.shard);
  views[address.view].open(address);
  void poll();
}

async function refresh() {
  const shown = address;
  if (polls++ % modeEveryPolls === 0) await mode.refresh();
  const view = views[address.view];
  await view.refresh();
  if (shown !== address) return;
  showTrouble(undefined);
  document.title = view.title();
}

const poll = pollWhileVisible(refresh, pollMs, (error) => {
  // The state of the server is asked for first when it is back.
  polls = 0;
  showTrouble(error);
});
addEventListener('hashchange', follow);
byId('skip').addEventListener('click', (event) => {
  // What follows # names a view here, and no place in it.
  event.preventDefault();
  byId('view').focus();
});
show();
