/** Wanted load at a moment, in requests per second: a pure function of unix time in seconds. */
export type LoadShape = (unixSeconds: number) => number;
