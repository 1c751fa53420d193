import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type FieldError, invalidFields } from '../errors.ts';
import { closestName } from './closest-name.ts';

/** Whether the value at a JSON pointer may be shown in an error. */
type MayShow = (path: string) => boolean;

/**
 * Checks `value` against a schema and returns it with the schema's type. Throws one `invalid-argument` error that lists every
 * wrong property with its path, its value where `mayShow` allows that, what is allowed, and the property that was probably meant.
 */
export function parseWithSchema<S extends TSchema>(
  what: string,
  schema: S,
  value: unknown,
  mayShow: MayShow = () => true,
): Static<S> {
  const fieldErrors = schemaErrors(schema, value, mayShow);
  if (fieldErrors.length > 0) throw invalidFields(what, fieldErrors);
  return value as Static<S>;
}

function schemaErrors(schema: TSchema, root: unknown, mayShow: MayShow): FieldError[] {
  const wrong = (path: string, message: string) =>
    mayShow(path)
      ? wrongValue(path, message, root)
      : { field: fieldName(path), message: `${fieldName(path)} ${message}` };
  const fieldErrors: FieldError[] = [];
  for (const error of Value.Errors(schema, root)) {
    // Two kinds of report repeat others: a refused property against the schema `false`, and the branch that an `if` chose.
    if (error.keyword === 'boolean' || error.keyword === 'if') continue;
    if (error.keyword === 'additionalProperties') {
      for (const name of error.params.additionalProperties)
        fieldErrors.push(unknownProperty(schema, error.instancePath, name));
    } else if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) {
        const field = fieldName(error.instancePath, name);
        fieldErrors.push({ field, message: `${field} is required and missing` });
      }
    } else if (error.keyword === 'enum') {
      const allowed = error.params.allowedValues.map((one) => JSON.stringify(one)).join(', ');
      fieldErrors.push(wrong(error.instancePath, `must be one of ${allowed}`));
    } else {
      fieldErrors.push(wrong(error.instancePath, error.message));
    }
  }
  return fieldErrors;
}

function wrongValue(path: string, message: string, root: unknown): FieldError {
  const field = fieldName(path);
  const value = JSON.stringify(Value.Pointer.Get(root as object, path)) ?? 'nothing';
  return { field, value, message: `${field}: ${value} ${message}` };
}

function unknownProperty(schema: TSchema, path: string, name: string): FieldError {
  const field = fieldName(path, name);
  const near = closestName(name, allPropertyNames(schema));
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return { field, message: `${field} is not known here${hint}` };
}

function fieldName(path: string, name?: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  if (name !== undefined) parts.push(name);
  return parts.length === 0 ? 'the document' : parts.join('.');
}

/** Collects every property name of the schema at any depth, as candidates for a misspelt one. */
function allPropertyNames(schema: unknown, names: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return names;
  for (const [key, child] of Object.entries(schema)) {
    if (key === 'properties' && typeof child === 'object' && child !== null) {
      for (const name of Object.keys(child)) names.add(name);
    }
    allPropertyNames(child, names);
  }
  return names;
}
