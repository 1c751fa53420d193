import { type Static, type TSchema, Type } from 'typebox';
import { named } from '../../schemas/named.ts';
import { Duration, Quantiles } from '../parameters.ts';
import { InlineColumns, InlineData } from './inline-history.ts';
import { sourceProperties } from './source-request.ts';

/** The body of `POST /api/v1/forecasts` with a given schema for its data. */
const adHocRequest = <D extends TSchema>(data: D) =>
  Type.Object(
    {
      ...sourceProperties(data),
      range: Type.Optional(Duration('history to read (default 28d)', { minimumSeconds: 60 })),
      horizon: Type.Optional(Duration('how far ahead (default 24h)')),
      quantiles: Type.Optional(Quantiles),
    },
    { additionalProperties: false },
  );
/** The body of an ad-hoc forecast as the OpenAPI document shows it. */
export const AdHocRequest = named(
  'AdHocForecastRequest',
  'A history, and how far ahead to forecast it.',
  adHocRequest(InlineData),
);
export type AdHocRequest = Static<typeof AdHocRequest>;
/**
 * The body of an ad-hoc forecast as it is validated on arrival; `inlineHistory` checks the rows of its data later, in slices.
 */
export const CheckedAdHocRequest = adHocRequest(InlineColumns);
