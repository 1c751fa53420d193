import fc from 'fast-check';
import type { InjectOptions } from 'fastify';

/** The parts of an OpenAPI document that requests are made from. */
export interface FuzzedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, FuzzedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface FuzzedOperation {
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** What people and programs write where something else is wanted. */
const junk = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.double().map(String),
  fc.integer().map(String),
  fc.stringMatching(/^-?[0-9.]{1,7}(ms|[smhdwy])?$/),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '{}',
    'NaN',
    '1e308',
    '-1',
    '-2h',
    ' 6h',
    'now',
    '0.5,0.9',
    '9999-99-99',
    '__proto__',
    'constructor',
    '%00',
    '../..',
  ),
);
/** Names of the fixture, so that most requests find a workload. */
const names: Readonly<Record<string, readonly string[]>> = {
  namespace: ['shop', 'new'],
  name: ['checkout', 'cart', 'born', 'forescale_forecast'],
  trigger: ['a1b2c3d4', 'first', 'second'],
  query: ['forescale_forecast', 'max by (workload) (forescale_signal)', 'sum(rate(x[5m]))', '1'],
};

/** A request that the document allows, or one that is nearly so: wrong values, unknown names, bodies of another shape. */
export function fuzzedRequest({
  paths,
  components,
}: FuzzedDocument): fc.Arbitrary<{ readonly path: string; readonly request: InjectOptions }> {
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined
      ? schema
      : resolve(components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const valid = (schema: Schema): fc.Arbitrary<unknown> => validValue(resolve(schema), valid);

  const operations = Object.entries(paths)
    // A stream ends when its client goes, which one that is injected never does.
    .filter(([path]) => !path.endsWith('/stream'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const { parameters = [], requestBody } = operation;
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const [type = 'application/json', media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    return fc
      .record({
        path: fc.tuple(...inPath.map(({ name }) => mostly(fc.constantFrom(...(names[name] ?? ['x']))))),
        query: fc.tuple(
          ...inQuery.map(({ name, schema }) =>
            fc.option(mostly(name in names ? fc.constantFrom(...(names[name] ?? [])) : valid(schema)), {
              freq: 2,
            }),
          ),
        ),
        unknown: rarely(
          fc.tuple(fc.oneof(fc.constantFrom('limit', 'trigger', 'at', '__proto__'), fc.string()), junk),
        ),
        body: media === undefined ? rarely(junk) : bodyOf(media.schema, type, valid),
        accept: rarely(fc.constantFrom('text/csv', 'application/x-ndjson', 'text/html', '*/*;q=0.1', ';;,')),
        known: rarely(fc.constantFrom('*', '"x"', 'W/"y", "z"')),
      })
      .map(({ accept, body, known, ...made }) => {
        const search = new URLSearchParams();
        for (const [index, value] of made.query.entries()) {
          if (value !== null && value !== undefined) search.append(inQuery[index]?.name ?? '', String(value));
        }
        if (made.unknown !== null) search.append(...(made.unknown as [string, string]));
        const values = made.path.map((value) => encodeURIComponent(String(value).toWellFormed()));
        const url = path.replaceAll(/\{\w+\}/g, () => values.shift() ?? 'x');
        return {
          path,
          request: {
            method: method.toUpperCase() as 'GET',
            url: `${url}?${search}`,
            headers: {
              ...(accept === null ? {} : { accept }),
              ...(known === null ? {} : { 'if-none-match': known }),
              ...(body === null ? {} : { 'content-type': type }),
            },
            ...(body === null ? {} : { payload: String(body) }),
          },
        };
      });
  });
}

/** A value of the schema; a resolved schema comes in. */
function validValue(schema: Schema, valid: (schema: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valid));
  const [type] = [schema.type].flat();
  const {
    exclusiveMinimum,
    exclusiveMaximum,
    minimum = exclusiveMinimum ?? 0,
    maximum = exclusiveMaximum ?? 1e6,
  } = schema;
  if (type === 'integer')
    return fc.integer({ min: Math.ceil(minimum), max: Math.max(Math.ceil(minimum), Math.floor(maximum)) });
  if (type === 'number') return fc.double({ min: minimum, max: Math.max(minimum, maximum), noNaN: true });
  if (type === 'array') {
    const { minItems = 0, maxItems = 12 } = schema;
    return fc.array(valid(schema.items ?? {}), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(12, maxItems)),
    });
  }
  if (type === 'object') {
    const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      mostly(name in names ? fc.constantFrom(...(names[name] ?? [])) : valid(property)),
    ]);
    return fc.record(Object.fromEntries(properties), {
      requiredKeys: [...(schema.required ?? [])] as never[],
    });
  }
  return schema.examples === undefined
    ? fc.string()
    : fc.oneof(
        { arbitrary: fc.constantFrom(...schema.examples), weight: 9 },
        { arbitrary: fc.string(), weight: 1 },
      );
}

function bodyOf(
  schema: Schema,
  type: string,
  valid: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<string> {
  const written = (body: unknown) =>
    type === 'application/json'
      ? JSON.stringify(body)
      : new URLSearchParams(
          Object.entries(body as Record<string, string>).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]),
        ).toString();
  return fc.oneof(
    { arbitrary: valid(schema).map(written), weight: 6 },
    { arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)), weight: 1 },
    { arbitrary: junk, weight: 1 },
  );
}

const mostly = (valid: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: valid, weight: 5 }, { arbitrary: junk, weight: 1 });
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 8 }, { arbitrary: value, weight: 1 });
