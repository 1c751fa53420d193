/** Queries whose part size is remembered; a query that is forgotten is refused once more. */
const mostQueries = 10_000;
/** A part of this length is not halved again. */
const shortestSeconds = 3_600;

type Asked = { readonly query: string; readonly stepSeconds: number };

export type PartSizes = ReturnType<typeof createPartSizes>;

/** Remembers how many points of each query one source gives at once, where that is fewer than usual. */
export function createPartSizes(usualPoints: number) {
  const points = new Map<string, number>();
  const keyOf = ({ query, stepSeconds }: Asked) => `${stepSeconds} ${query}`;
  const sizes = {
    points: (asked: Asked): number => points.get(keyOf(asked)) ?? usualPoints,
    /** Notes that a part was refused as too much. Answers whether shorter parts are worth asking for. */
    halve(asked: Asked, refusedPoints: number): boolean {
      const leastPoints = Math.max(1, Math.ceil(shortestSeconds / asked.stepSeconds));
      if (refusedPoints <= leastPoints) return false;
      const smaller = Math.max(leastPoints, Math.ceil(refusedPoints / 2));
      const key = keyOf(asked);
      const now = Math.min(sizes.points(asked), smaller);
      // Setting it anew makes it the newest.
      points.delete(key);
      points.set(key, now);
      const [oldest] = points.keys();
      if (points.size > mostQueries && oldest !== undefined) points.delete(oldest);
      return true;
    },
  };
  return sizes;
}
