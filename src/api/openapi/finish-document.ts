/** A part of an OpenAPI document. */
type Part = Record<string, unknown>;

/** What is changed of an OpenAPI document. */
export interface OpenApiDocument {
  readonly paths?: object;
  readonly components?: object;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * An OpenAPI document that clients can be generated from: schemas with a title become named ones that are referred to, a parameter
 * or property with a default need not be given, and what is not JSON is text. Throws where two schemas have one name.
 */
export function finishDocument<D extends OpenApiDocument>(document: D): D {
  const named = new Map<string, unknown>();
  const refer = (value: unknown): unknown => withReferences(value, named);
  const paths = mapValues(asPart(document.paths), (path) =>
    mapValues(asPart(path), (operation, method) =>
      methods.includes(method) ? refer(finishOperation(asPart(operation))) : operation,
    ),
  );
  const components = asPart(document.components);
  const known = mapValues(asPart(components['schemas']), refer);
  const schemas = { ...known, ...Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))) };
  return { ...document, components: { ...components, schemas }, paths };
}

function finishOperation(operation: Part): Part {
  const parameters = (operation['parameters'] ?? []) as Part[];
  return {
    ...operation,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(withoutNeed) }),
    ...(operation['requestBody'] === undefined
      ? {}
      : { requestBody: withoutNeeds(operation['requestBody']) }),
    responses: mapValues(asPart(operation['responses']), (response) => finishResponse(asPart(response))),
  };
}

/** A parameter that has a default is optional. */
function withoutNeed(parameter: Part): Part {
  return asPart(parameter['schema'])['default'] === undefined ? parameter : { ...parameter, required: false };
}

/** Properties of a body that have a default are optional. */
function withoutNeeds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNeeds);
  if (typeof value !== 'object' || value === null) return value;
  const part = mapValues(value as Part, withoutNeeds);
  const { required, properties } = part;
  if (!Array.isArray(required) || typeof properties !== 'object') return part;
  const needed = required.filter((name) => asPart(asPart(properties)[name])['default'] === undefined);
  return { ...part, required: needed };
}

/** Rows that are written for other programs, and metrics, are text, whatever JSON has in their place. */
function finishResponse(response: Part): Part {
  const content = asPart(response['content']);
  const finished = mapValues(content, (media, type) =>
    type.endsWith('json') && !type.endsWith('ndjson') ? media : { schema: { type: 'string' } },
  );
  return response['content'] === undefined ? response : { ...response, content: finished };
}

/** A value in which each schema with a title is a reference to the one that `named` then has under that name. */
function withReferences(value: unknown, named: Map<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((entry) => withReferences(entry, named));
  if (typeof value !== 'object' || value === null) return value;
  const { title, ...rest } = value as Part;
  if (typeof title !== 'string') return mapValues(value as Part, (entry) => withReferences(entry, named));
  const schema = mapValues(rest, (entry) => withReferences(entry, named));
  const known = named.get(title);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`two schemas of the OpenAPI document are named ${title}`);
  }
  named.set(title, schema);
  return { $ref: `#/components/schemas/${title}` };
}

function mapValues(part: Part, change: (value: unknown, key: string) => unknown): Part {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, change(value, key)]));
}

function asPart(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}
