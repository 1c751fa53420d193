/** A point the curve goes through. */
export interface Knot {
  readonly at: number;
  readonly level: number;
}

/**
 * A smooth curve through the knots (ascending, within one period) that repeats every `period`. Between two knots it stays
 * within their values, so that its peak has the place and the height of the highest knot.
 * Source: Fritsch & Butland 1984, monotone piecewise cubic interpolation, with the weights for uneven
 * spacing.
 */
export function periodicCurve(knots: readonly Knot[], period: number): (position: number) => number {
  const first = knots[0];
  const last = knots.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a curve needs at least one knot');
  // One more knot on either side continues the curve into the neighbouring periods.
  const wrapped = [
    { at: last.at - period, level: last.level },
    ...knots,
    { at: first.at + period, level: first.level },
  ];
  const steepness = knots.map((knot, index) =>
    monotoneSlope(wrapped[index] ?? knot, knot, wrapped[index + 2] ?? knot),
  );
  const slopes = [steepness.at(-1) ?? 0, ...steepness, steepness[0] ?? 0];

  return (position) => {
    // Twice, because a tiny negative remainder plus the period rounds to the period itself.
    const at = ((position % period) + period) % period;
    const right = wrapped.findIndex((knot) => knot.at > at);
    const from = wrapped[right - 1] ?? first;
    const to = wrapped[right] ?? first;
    return cubic(from, to, slopes[right - 1] ?? 0, slopes[right] ?? 0, at);
  };
}

function monotoneSlope(before: Knot, knot: Knot, after: Knot): number {
  const leftWidth = knot.at - before.at;
  const rightWidth = after.at - knot.at;
  const left = (knot.level - before.level) / leftWidth;
  const right = (after.level - knot.level) / rightWidth;
  if (left * right <= 0) return 0;
  const leftWeight = 2 * rightWidth + leftWidth;
  const rightWeight = rightWidth + 2 * leftWidth;
  return (leftWeight + rightWeight) / (leftWeight / left + rightWeight / right);
}

/** The cubic Hermite polynomial between two knots. */
function cubic(from: Knot, to: Knot, fromSlope: number, toSlope: number, at: number): number {
  const width = to.at - from.at;
  const t = (at - from.at) / width;
  const rise = t * t * (3 - 2 * t);
  return (
    from.level + (to.level - from.level) * rise + width * t * (1 - t) * (fromSlope * (1 - t) - toSlope * t)
  );
}
