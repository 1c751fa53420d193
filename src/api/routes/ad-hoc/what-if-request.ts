import { type Static, type TSchema, Type } from 'typebox';
import { type PolicyName, policies, type ScenarioSettings } from '../../../what-if/index.ts';
import { named } from '../../schemas/named.ts';
import { choice } from '../../schemas/parts.ts';
import { Duration, secondsOf } from '../parameters.ts';
import { InlineColumns, InlineData } from './inline-history.ts';
import { sourceProperties, usualRangeSeconds } from './source-request.ts';
import { readSettings, settingProperties } from './what-if-settings.ts';

const policyNames = Object.keys(policies) as PolicyName[];
const usualServiceLevel = policies.forescale.knob.default;

/** The body of `POST /api/v1/what-if` with a given schema for its data. */
const whatIfBody = <D extends TSchema>(data: D) =>
  Type.Object(
    {
      ...sourceProperties(data),
      range: Type.Optional(
        Duration('how much of the newest history is replayed (default 28d)', {
          minimumSeconds: 3600,
          maximumSeconds: usualRangeSeconds,
        }),
      ),
      ...settingProperties,
      policies: Type.Optional(
        Type.Array(choice(policyNames), {
          description: 'policies to play (default: all)',
          minItems: 1,
          uniqueItems: true,
        }),
      ),
      serviceLevel: Type.Optional(
        Type.Number({
          description: `share of time that is to be served (default ${usualServiceLevel})`,
          minimum: 0.5,
          maximum: 0.999,
        }),
      ),
      pricePerReplicaHour: Type.Optional(
        Type.Number({ description: 'in your currency', exclusiveMinimum: 0 }),
      ),
    },
    { additionalProperties: false },
  );

/** The body as the OpenAPI document shows it. */
export const WhatIfRequestSchema = named(
  'WhatIfRequest',
  'A history, and the ways of scaling to play on it.',
  whatIfBody(InlineData),
);
/** The body as it is validated on arrival; `inlineHistory` checks the rows of its data later, in slices. */
export const CheckedWhatIfRequest = whatIfBody(InlineColumns);
export type WhatIfBody = Static<typeof WhatIfRequestSchema>;

/** What a valid body asks for, with defaults. Throws `invalid-argument` for settings that cannot be beside each other. */
export function readWhatIf(body: WhatIfBody): {
  readonly settings: ScenarioSettings;
  readonly policies: readonly PolicyName[];
  readonly serviceLevel: number;
  readonly pricePerReplicaHour: number | undefined;
  readonly rangeSeconds: number;
} {
  const { policies: names = policyNames, serviceLevel = usualServiceLevel, pricePerReplicaHour } = body;
  return {
    settings: readSettings(body),
    policies: names,
    serviceLevel,
    pricePerReplicaHour,
    rangeSeconds: secondsOf(body.range, usualRangeSeconds),
  };
}
