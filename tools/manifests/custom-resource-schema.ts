/** The fields of a CustomResourceDefinition that are read here. */
export interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: StructuralSchema };
    }[];
  };
}

/** The parts of a structural schema that list fields. Its other keywords are those of JSON Schema. */
export interface StructuralSchema {
  readonly type?: string | readonly string[];
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly [keyword: string]: unknown;
}

/** What every object has, whether its definition lists it or not. */
const ofEveryObject = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object' },
} as const;

/** The JSON Schema of the objects that a structural schema is for; see {@link closedSchema}. */
export function objectSchema(schema: StructuralSchema): StructuralSchema {
  return closedSchema({ ...schema, properties: { ...ofEveryObject, ...schema.properties } });
}

/**
 * Turns a structural schema into a JSON Schema that refuses fields it does not list, as an API server does under strict field
 * validation. The rules of `allOf`, `anyOf`, `oneOf` and `not` stay as they are: they restrict values and list no fields.
 * Rules in CEL (`x-kubernetes-validations`) need an API server and are not carried over.
 */
function closedSchema(schema: StructuralSchema): StructuralSchema {
  const { properties, items, additionalProperties, nullable, type, ...rest } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...rest,
    ...(type === undefined ? {} : { type: nullable === true ? [type, 'null'].flat() : type }),
    ...(items === undefined ? {} : { items: closedSchema(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, closedSchema(property)]),
      ),
    }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: closedSchema(additionalProperties) }
      : properties !== undefined && !open
        ? { additionalProperties: additionalProperties ?? false }
        : {}),
  };
}
