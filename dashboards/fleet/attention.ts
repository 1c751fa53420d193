import { wordsFor } from '../panels/states.ts';

/** Label matchers of all workloads of the scaler replicas and namespaces that the reader chose. */
export const workloads = 'job=~"$job", instance=~"$instance", namespace=~"$namespace"';

/** PromQL for a gauge of each workload. The replicas of the scaler agree, so their maximum is the value of each. */
export const ofEach = (name: string, more = '') => `max by (namespace, name) (${name}{${workloads}${more}})`;

/** PromQL for a gauge of each trigger of each workload. */
export const ofTriggers = (name: string) => `max by (namespace, name, trigger) (${name}{${workloads}})`;

/** PromQL for `value` where `condition` holds, whatever number the condition has. */
const where = (condition: string, value: number) => `0 * (${condition}) + ${value}`;

/** How much each workload needs somebody: 3 critical, 2 warning, 1 notice, 0 ok. The first condition that holds decides. */
export const attention = [
  where(`${ofEach('forescale_state', ', state=~"blind|none"')} == 1`, 3),
  where(`count by (namespace, name) (ALERTS{alertstate="firing", namespace=~"$namespace", name=~".+"})`, 2),
  where(`${ofEach('forescale_error_budget_left_ratio')} < 0`, 2),
  where(`${ofEach('forescale_forecast_trust')} < 0.5`, 2),
  where(`${ofEach('forescale_threshold')} unless ${ofEach('forescale_predicted_peak')}`, 1),
  `0 * ${ofEach('forescale_threshold')}`,
].join(' or ');

/** The words and colours for what {@link attention} gives. */
export const attentionWords = wordsFor({
  0: { text: 'ok', color: 'green' },
  1: { text: 'learning', color: 'blue' },
  2: { text: 'warning', color: 'orange' },
  3: { text: 'no data', color: 'red' },
});
