/** A sample: its time in unix seconds and its value, which may be NaN or infinite. */
export interface Sample {
  readonly unixSeconds: number;
  readonly value: number;
}

/** A decimal number as Go writes and reads it. Prometheus never writes a number in another base, nor white space around it. */
const decimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const infinity = /^([-+]?)inf$/i;

/**
 * Reads `[unix seconds, number as text]`, or gives undefined for anything else: JSON has no NaN, so the API writes numbers as
 * text, and `Number()` would take `""`, `null`, `false` and `[]` for zero, which is "no demand".
 * Source: Prometheus documentation, "HTTP API", expression query result formats.
 */
export function readSample(wire: unknown): Sample | undefined {
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [unixSeconds, text] = wire as readonly unknown[];
  if (typeof unixSeconds !== 'number' || !Number.isFinite(unixSeconds)) return undefined;
  const value = typeof text === 'string' ? readNumber(text) : undefined;
  return value === undefined ? undefined : { unixSeconds, value };
}

function readNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  const sign = infinity.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
