/** What the API shows in the place of a query that may be a secret. */
const notShown = '(from the environment, not shown)';

/** How much of the newest demand is played. */
export const range = '28d';

/** Whether the server can read the demand again by the workload's query; else the page sends what the server remembers. */
export const isQueryKnown = ({ query, source }) => query !== notShown && source !== notShown;

/** The body of `POST /api/v1/what-if` for settings, with the history of the workload where its query is not shown. */
export function bodyOf(settings, status, history) {
  const { target, startUp, serviceLevel, minReplicas, maxReplicas } = settings;
  const { namespace, name } = status;
  const demand = isQueryKnown(status)
    ? { query: status.query, address: status.source, range }
    : { data: { timestamps: history.timestamps, values: history.values } };
  return {
    ...demand,
    // The events of its calendars count.
    workload: `${namespace}/${name}`,
    target,
    startUp: `${startUp}s`,
    serviceLevel,
    minReplicas,
    maxReplicas,
    tolerance: status.hpaTolerance.up,
    policies: ['reactive', 'forescale'],
  };
}
