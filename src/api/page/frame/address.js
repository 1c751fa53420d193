/**
 * @typedef {object} Address
 * @property {'overview' | 'workload' | 'what-if'} view
 * @property {string} namespace
 * @property {string} name
 * @property {Record<string, string>} parameters what is chosen in the view, such as the range or a moment
 */

/**
 * Reads the part of a link after `#`: `/` is the overview, `/shop/web` a workload, `/shop/web/what-if` its what-if. The first slash
 * may be left out. A link that names nothing of these leads to the overview.
 * @param {string} hash
 * @returns {Address}
 */
export function readAddress(hash) {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [namespace = '', name = '', page = ''] = path.split('/').map(decoded);
  const parameters = Object.fromEntries(new URLSearchParams(query));
  if (namespace === '' || name === '') return { view: 'overview', namespace: '', name: '', parameters };
  return { view: page === 'what-if' ? page : 'workload', namespace, name, parameters };
}

/** Text that no browser wrote may have a `%` that means nothing. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Writes a link that {@link readAddress} reads. Empty parameters are left out.
 * @param {Partial<Address> & Pick<Address, 'view'>} address
 */
export function writeAddress({ view, namespace = '', name = '', parameters = {} }) {
  const path = view === 'overview' ? '' : [namespace, name].map(encodeURIComponent).join('/');
  return `#/${path}${view === 'what-if' ? '/what-if' : ''}${queryOf(parameters)}`;
}

/** A link from one view of a workload to another, which reads the same shard. */
export function linkToView(view, { namespace, name, parameters: { shard } }) {
  return writeAddress({ view, namespace, name, parameters: { shard } });
}

/** A query string of the parameters that have a value; empty where none has. */
export function queryOf(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value != null);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** The moment that a link names by unix seconds or an ISO time, unix seconds; undefined where it names none. */
export function momentOf({ at = '' }) {
  const seconds = at === '' ? Number.NaN : Number.isNaN(Number(at)) ? Date.parse(at) / 1000 : Number(at);
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** Path of a workload below the API. */
export function apiPath({ namespace, name }) {
  return `/api/v1/workloads/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}
