import type { FieldError } from '../../platform/errors.ts';
import type { Variables } from '../setting.ts';

/** A variable that does nothing unless one of the others is set. */
const useless = [
  { variable: 'APP_QUEUE_LIMIT', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_QUEUE_TIMEOUT_MS', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_WARM_UP_SECONDS', without: ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] },
  { variable: 'APP_WARM_UP_FACTOR', without: ['APP_WARM_UP_SECONDS'] },
] as const;

/** The first says otherwise what the second says. */
const rivals = [
  { variable: 'APP_LATENCY', other: 'APP_LATENCY_DISTRIBUTION' },
  { variable: 'APP_ADMIN_TOKEN_FILE', other: 'APP_ADMIN_TOKEN' },
] as const;

/**
 * What is wrong with variables that are each allowed. Whoever sets one that does nothing expects an effect, and would
 * look for it in vain.
 */
export function contradictions(variables: Variables): FieldError[] {
  const given = (variable: string) => variables[variable]?.trim() ?? '';
  const isGiven = (variable: string) => given(variable) !== '';
  const fault = (variable: string, what: string) => {
    const value = given(variable);
    return { field: variable, value, message: `${variable} is "${value}" but ${what}` };
  };
  return [
    ...rivals
      .filter(({ variable, other }) => isGiven(variable) && isGiven(other))
      .map(({ variable, other }) => fault(variable, `${other} is set too: unset one of them`)),
    ...useless
      .filter(({ variable, without }) => isGiven(variable) && !without.some(isGiven))
      .map(({ variable, without }) =>
        fault(variable, `does nothing without ${without.join(' or ')}: set that too, or unset it`),
      ),
  ];
}
