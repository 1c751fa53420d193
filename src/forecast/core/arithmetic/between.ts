/** A number between two, a share of the way from the first to the second, by their square roots. */
export const between = (from: number, to: number, share: number): number =>
  ((1 - share) * Math.sqrt(from) + share * Math.sqrt(to)) ** 2;
