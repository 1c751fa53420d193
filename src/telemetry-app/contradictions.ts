import type { FieldError } from '../platform/errors.ts';
import type { Texts } from '../platform/settings.ts';

const capacity = ['APP_CAPACITY_RPS', 'APP_CAPACITY_CONCURRENCY'];

/** Each variable here has no effect unless one of the others is set. */
const dependent: readonly (readonly [variable: string, needed: readonly string[]])[] = [
  ['APP_QUEUE_LIMIT', capacity],
  ['APP_QUEUE_TIMEOUT_MS', capacity],
  ['APP_WARM_UP_SECONDS', capacity],
  ['APP_WARM_UP_FACTOR', ['APP_WARM_UP_SECONDS']],
];

/** Both variables of a pair set the same thing, so only one of them may be set. */
const exclusive = [
  ['APP_LATENCY', 'APP_LATENCY_DISTRIBUTION'],
  ['APP_ADMIN_TOKEN_FILE', 'APP_ADMIN_TOKEN'],
] as const;

/**
 * Field errors of variables that are allowed each by itself but not together. Somebody who sets a variable without effect
 * expects one, and would look for it in vain.
 */
export function contradictions(variables: Texts): FieldError[] {
  const given = (variable: string) => variables[variable]?.trim() ?? '';
  const fieldErrors: FieldError[] = [];
  const refuse = (field: string, why: string) => {
    const value = given(field);
    if (value !== '') fieldErrors.push({ field, value, message: `${field} is "${value}" but ${why}` });
  };
  for (const [variable, other] of exclusive) {
    if (given(other) !== '') refuse(variable, `${other} is set too: unset one of them`);
  }
  for (const [variable, needed] of dependent) {
    if (needed.some((one) => given(one) !== '')) continue;
    refuse(variable, `does nothing without ${needed.join(' or ')}: set that too, or unset it`);
  }
  return fieldErrors;
}
