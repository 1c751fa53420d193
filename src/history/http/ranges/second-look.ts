import type { ReadPart } from './joined-parts.ts';
import { pointsOf, type RangePart } from './range-chunks.ts';

/** A part with fewer rows than this share of its points is nearly empty, and one with more than the other share is full. */
const sparseShare = 0.1;
const fullShare = 0.5;

/** What is said of a query whose answers differ so. */
const severalServers =
  'parts of its history had far fewer rows at first than when they were read again: several servers with different data seem to answer at this address; give one that has all of it, keep clients at one of them (sessionAffinity: ClientIP), or put something in front that joins them (Thanos, Mimir)';
/** Queries that are remembered; one that is forgotten is noticed again. */
const mostQueries = 10_000;

export type SecondLooks = ReturnType<typeof createSecondLooks>;

/** Reads what is suspiciously empty once more, and remembers for which queries of one source that was worth it. */
export function createSecondLooks() {
  const divided = new Set<string>();
  return {
    /**
     * Reads nearly empty parts of a range once more where others are full, and takes the second answer where it is full: behind one
     * Service two servers may answer in turn, of which one began lately, and half of the history would be missing without a word.
     */
    async complete(
      parts: readonly ReadPart[],
      stepSeconds: number,
      query: string,
      ask: (part: RangePart) => Promise<readonly ReadPart[]>,
    ): Promise<ReadPart[]> {
      const isFull = ({ rows }: ReadPart, of: ReadPart) =>
        rows.timestamps.length > pointsOf(of, stepSeconds) * fullShare;
      if (!parts.some((part) => isFull(part, part))) return [...parts];
      const looked = parts.map(async (part) => {
        if (part.rows.timestamps.length >= pointsOf(part, stepSeconds) * sparseShare) return [part];
        const { startSeconds, endSeconds } = part;
        // The first answer is good enough where a second cannot be had.
        const again = await ask({ query, stepSeconds, startSeconds, endSeconds }).catch(() => []);
        if (!again.some((one) => isFull(one, part))) return [part];
        if (divided.size >= mostQueries) divided.clear();
        divided.add(query);
        return again;
      });
      return (await Promise.all(looked)).flat();
    },
    warnings: (query: string): string[] => (divided.has(query) ? [severalServers] : []),
  };
}
