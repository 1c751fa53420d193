/** Where the demand of a trace comes from, as far as its source says. */
export interface TracePlace {
  /** ISO 3166-1 code of the country whose public holidays count. */
  readonly country: string;
  /** Whether the source does not name the country, and it is taken to be this one. */
  readonly isGuessed: boolean;
  /** Whether the source counts a step from its timestamp on, in place of up to it. */
  readonly labelsStart: boolean;
}

/**
 * Traces whose country is known, by name. Their timestamps are local clocks. The other traces name none, or are of the whole world.
 */
export const places: Readonly<Record<string, TracePlace>> = {
  'demand-nyc-taxi-a-30m': { country: 'US', isGuessed: false, labelsStart: true },
  'ref-bike-dc-1h': { country: 'US', isGuessed: false, labelsStart: true },
  'svc-ms-ecommerce-api-a-1h': { country: 'US', isGuessed: true, labelsStart: false },
  'calls-bank-a-5m': { country: 'US', isGuessed: false, labelsStart: false },
  'web-nasa-jul95-1m': { country: 'US', isGuessed: false, labelsStart: false },
  'web-wc98-groups-1m': { country: 'FR', isGuessed: false, labelsStart: false },
  'ref-elec-taylor-30m': { country: 'GB', isGuessed: false, labelsStart: false },
};
