import type { Fault } from '../platform/errors.ts';
import type { Variables } from './setting.ts';

/** A variable that does nothing unless one of the others is set. */
const useless = [
  { variable: 'APP_QUEUE_LIMIT', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_QUEUE_TIMEOUT_MS', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_WARM_UP_SECONDS', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_WARM_UP_FACTOR', without: ['APP_WARM_UP_SECONDS'] },
] as const;

/**
 * What is wrong with variables that are each allowed: whoever sets one that does nothing expects an effect, and would
 * look for it in vain.
 */
export function contradictions(variables: Variables): Fault[] {
  const given = (variable: string) => (variables[variable]?.trim() ?? '') !== '';
  return useless
    .filter(({ variable, without }) => given(variable) && !without.some(given))
    .map(({ variable, without }) => {
      const value = variables[variable]?.trim() ?? '';
      const message = `${variable} is "${value}" but does nothing without ${without.join(' or ')}: set that too, or unset it`;
      return { field: variable, value, message };
    });
}
