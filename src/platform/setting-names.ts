import type { FieldError } from './errors.ts';
import { closestName } from './schema/closest-name.ts';
import { declared, namesOf, type Reading, type SettingTable, type Texts, type Writing } from './settings.ts';

/** A name that no setting has, and the one that was probably meant. */
export interface UnknownName {
  readonly name: string;
  readonly didYouMean: string | undefined;
}

/** Names of `texts` that belong to no setting of the table, sorted. */
export function unknownNames(table: SettingTable, texts: Texts, writing: Writing = {}): UnknownName[] {
  const known = new Set(allNames(table, writing));
  const unknown = Object.keys(texts).filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  // Users are led to the plain name, though the one with the suffix is known as well.
  const { suffix, ...withoutSuffix } = writing;
  const candidates = allNames(table, withoutSuffix);
  return unknown.sort().map((name) => ({ name, didYouMean: closestName(name, candidates) }));
}

/**
 * One field error for each required setting that is not given. Where an unknown name resembles it, the error says so and
 * asks whether that was meant.
 */
export function missingSettings<T extends SettingTable>(
  table: T,
  { given }: Reading<T>,
  unknown: readonly UnknownName[],
  writing: Writing = {},
): FieldError[] {
  return Object.entries(table)
    .filter(([tableName, { isRequired }]) => isRequired === true && !given.has(tableName))
    .map(([tableName, setting]) => {
      const { meaning } = setting;
      const [field = tableName] = namesOf(tableName, setting, writing);
      const near = unknown.find(({ name }) => closestName(name, [field]) !== undefined);
      const hint =
        near === undefined ? `add it: ${meaning}` : `"${near.name}" is given: did you mean "${field}"?`;
      return { field, message: `${field} is required and missing; ${hint}` };
    });
}

function allNames(table: SettingTable, writing: Writing): string[] {
  return declared(table, writing).flatMap(({ names }) => names);
}
