import type { FieldError } from '../platform/errors.ts';
import type { Texts } from '../platform/settings.ts';

const capacity = ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'] as const;

/** Each variable here has no effect unless one of the others is set. */
const dependent = [
  { variable: 'APP_QUEUE_LIMIT', without: capacity },
  { variable: 'APP_QUEUE_TIMEOUT_MS', without: capacity },
  { variable: 'APP_WARM_UP_SECONDS', without: capacity },
  { variable: 'APP_WARM_UP_FACTOR', without: ['APP_WARM_UP_SECONDS'] },
] as const;

/** Both variables of a pair set the same thing, so only one of them may be set. */
const exclusive = [
  { variable: 'APP_LATENCY', other: 'APP_LATENCY_DISTRIBUTION' },
  { variable: 'APP_ADMIN_TOKEN_FILE', other: 'APP_ADMIN_TOKEN' },
] as const;

/**
 * Field errors of variables that are allowed each by itself but not together. Somebody who sets a variable without effect
 * expects one, and would look for it in vain.
 */
export function contradictions(variables: Texts): FieldError[] {
  const given = (variable: string) => variables[variable]?.trim() ?? '';
  const isGiven = (variable: string) => given(variable) !== '';
  const fieldError = (variable: string, but: string): FieldError[] => {
    const value = given(variable);
    return isGiven(variable)
      ? [{ field: variable, value, message: `${variable} is "${value}" but ${but}` }]
      : [];
  };
  return [
    ...exclusive
      .filter(({ other }) => isGiven(other))
      .flatMap(({ variable, other }) => fieldError(variable, `${other} is set too: unset one of them`)),
    ...dependent
      .filter(({ without }) => !without.some(isGiven))
      .flatMap(({ variable, without }) =>
        fieldError(variable, `does nothing without ${without.join(' or ')}: set that too, or unset it`),
      ),
  ];
}
