import { byId, setShown, setText } from '../frame/dom.js';
import { formatNumber } from '../words.js';
import { createFilters } from './filters.js';
import { summaryOf } from './row-words.js';
import { createRows } from './rows.js';
import { shardWords } from './shard-words.js';
import { createShardReader } from './shards.js';

/** Most workloads in the list; the server gives no more in one answer. */
const mostRows = 1000;

/** The first view: every workload, worst first. `onChoose` gets the parameters of the view's new link. */
export function createOverview({ onChoose }) {
  const section = byId('overview');
  const update = createRows(byId('workloads').tBodies[0]);
  const readShards = createShardReader();
  let asked = {};
  const filters = createFilters({
    search: byId('search'),
    states: byId('states'),
    onChange: (change) => onChoose({ ...asked, ...change }),
  });

  return {
    section,
    title: () => `${byId('overview-title').textContent} – Forescale`,
    open({ parameters }) {
      asked = parameters;
      filters.choose(parameters);
    },
    async refresh() {
      const meant = asked;
      const { search = '', state = '' } = meant;
      const list = await readShards({ limit: mostRows, search, state });
      // Something else was asked for while the answer was on its way.
      if (meant !== asked) return;
      filters.offer(list.byState);
      update(list.workloads, Date.now() / 1000);
      describe(list, search !== '' || state !== '');
    },
  };
}

function describe({ total, workloads, shards }, isFiltered) {
  setText('overview-title', summaryOf({ total, workloads }) + (isFiltered ? ' that match' : ''));
  setText(
    'overview-note',
    total > workloads.length
      ? `The worst ${formatNumber(workloads.length)} are shown. Search to see others.`
      : '',
  );
  setText('overview-shards', shardWords(shards));
  setShown(byId('workloads'), workloads.length > 0);
  setShown(byId('nothing-yet'), total === 0 && !isFiltered);
  setShown(byId('nothing-matches'), total === 0 && isFiltered);
}
