import { type TSchema, Type } from 'typebox';
import { named } from '../schemas/named.ts';
import { choice } from '../schemas/parts.ts';

const ErrorSchema = named(
  'PrometheusError',
  'An error in the shape of Prometheus.',
  Type.Object({
    status: Type.Literal('error'),
    errorType: Type.String({
      description: 'bad_data, execution, timeout, unavailable, not_found or internal',
    }),
    error: Type.String({ description: 'what is wrong and what to do' }),
  }),
);

const labels = Type.Record(Type.String(), Type.String());
const sample = Type.Unsafe<readonly [number, string]>({
  type: 'array',
  prefixItems: [{ type: 'number' }, { type: 'string' }],
  items: { type: ['number', 'string'] },
  description: 'unix seconds, and the value as text',
  minItems: 2,
  maxItems: 2,
});

/** The responses of a route. Their content is written as text, so that it has to be given by its type. */
function responses(name: string, description: string, data: TSchema) {
  const json = (about: string, schema: TSchema) => ({
    description: about,
    content: { 'application/json': { schema } },
  });
  const good = named(
    name,
    description,
    Type.Object({
      status: Type.Literal('success'),
      data,
      warnings: Type.Optional(
        Type.Array(Type.String(), { description: 'why something is not there that may be expected' }),
      ),
    }),
  );
  return {
    200: json(description, good),
    '4xx': json('The request cannot be served.', ErrorSchema),
    '5xx': json('The server has too much to do, or failed.', ErrorSchema),
  };
}

export const queryAnswer = responses(
  'PrometheusQueryAnswer',
  'the result of the query',
  Type.Object({
    resultType: choice(['vector', 'matrix', 'scalar', 'string']),
    result: Type.Union([
      sample,
      Type.Array(Type.Object({ metric: labels, value: sample })),
      Type.Array(Type.Object({ metric: labels, values: Type.Array(sample) })),
    ]),
  }),
);
export const listAnswer = responses(
  'PrometheusList',
  'the list',
  Type.Array(Type.Union([Type.String(), labels])),
);
export const metadataAnswer = responses(
  'PrometheusMetadata',
  'metadata of each metric',
  Type.Record(
    Type.String(),
    Type.Array(Type.Object({ type: Type.String(), help: Type.String(), unit: Type.String() })),
  ),
);
export const buildAnswer = responses('PrometheusBuild', 'what answers', labels);
export const rulesAnswer = responses(
  'PrometheusRules',
  'no rules',
  Type.Object({ groups: Type.Array(Type.Unknown()) }),
);
export const exemplarsAnswer = responses('PrometheusExemplars', 'no exemplars', Type.Array(Type.Unknown()));
