import type { TSchema } from 'typebox';

/**
 * Gives a schema, which was made for it, its name in the OpenAPI document, where every use of it becomes a reference, and says what
 * it describes. It stays what it is elsewhere, so that an answer can be checked without the document.
 */
export function named<S extends TSchema>(name: string, description: string, schema: S): S {
  return Object.assign(schema, { title: name, description });
}
