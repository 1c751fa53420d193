import type { RecordedDecision, RecordKey } from '../../forecast/index.ts';
import { decodeChunk, encodeChunk } from './chunk/chunk.ts';
import { encodeWithin } from './chunk/fit.ts';
import { byWorkload, type KeptChunk, keptSeconds, type RecordKeeper, spanOf } from './keeper.ts';

/**
 * Bytes that the decisions of one workload take: hours, an hour of one that is never at rest. The chart's memory has room for a
 * thousand such workloads.
 */
const memoryBytes = 4 * 1024;
/** Appended pieces, a decision or two each, that are joined to a chunk. */
const mostPieces = 6;
/** Decisions of one chunk, which is written anew when some are added to it. */
const chunkDecisions = 120;
/** Decisions are kept as KEDA passes them on, which takes least. */
const thousandths = 1;

interface Kept {
  readonly key: RecordKey;
  chunks: (KeptChunk & { readonly count: number })[];
  pieces: KeptChunk[];
}

/** Keeps the newest decisions of each workload in memory. Most workloads: `mostWorkloads`; the one that was longest silent goes first. */
export function createMemoryKeeper({
  mostWorkloads,
  mostBytes = memoryBytes,
}: {
  readonly mostWorkloads: number;
  readonly mostBytes?: number;
}): RecordKeeper {
  /** In the order of their last decision, oldest first. */
  const all = new Map<string, Kept>();
  const find = ({ namespace, name, trigger }: RecordKey) => all.get(`${namespace}/${name}/${trigger}`);

  function add(key: RecordKey, decisions: readonly RecordedDecision[]): void {
    const id = `${key.namespace}/${key.name}/${key.trigger}`;
    const kept = all.get(id) ?? { key, chunks: [], pieces: [] };
    kept.pieces.push({ ...spanOf(decisions), bytes: encodeChunk(decisions, thousandths) });
    all.delete(id);
    all.set(id, kept);
    const [silent] = all.keys();
    if (all.size > mostWorkloads && silent !== undefined) all.delete(silent);
    if (kept.pieces.length > 2 * mostPieces) join(kept, mostBytes);
  }

  return {
    append(noted) {
      for (const [key, decisions] of byWorkload(noted)) add(key, decisions);
    },
    chunksOf(key, fromSeconds, toSeconds) {
      const { chunks = [], pieces = [] } = find(key) ?? {};
      return [...chunks, ...pieces].filter(
        (chunk) => chunk.toSeconds >= fromSeconds && chunk.fromSeconds <= toSeconds,
      );
    },
    oldestSeconds(key) {
      const kept = find(key);
      return (kept?.chunks[0] ?? kept?.pieces[0])?.fromSeconds;
    },
    triggers: (namespace, name) =>
      [...all.values()]
        .filter(({ key }) => key.namespace === namespace && key.name === name)
        .map(({ key }) => key.trigger),
    tidy(nowSeconds) {
      for (const [id, kept] of all) {
        if (kept.pieces.length >= mostPieces) {
          join(kept, mostBytes);
          return true;
        }
        const newest = (kept.pieces.at(-1) ?? kept.chunks.at(-1))?.toSeconds ?? 0;
        if (newest < nowSeconds - keptSeconds) {
          all.delete(id);
          return true;
        }
      }
      return false;
    },
    close: () => all.clear(),
  };
}

/** Joins the pieces to the newest chunk or to a new one, and lets the oldest chunks go that find no room. */
function join(kept: Kept, mostBytes: number): void {
  const newest = kept.chunks.at(-1);
  const isOpen = newest !== undefined && newest.count < chunkDecisions;
  const parts = isOpen ? [newest, ...kept.pieces] : kept.pieces;
  const decisions = parts.flatMap(({ bytes }) => decodeChunk(bytes).map(({ decision }) => decision));
  const bytes = encodeWithin(decisions, mostBytes / 4, thousandths);
  const joined = { ...spanOf(decisions), count: decisions.length, bytes };
  kept.chunks = [...(isOpen ? kept.chunks.slice(0, -1) : kept.chunks), joined];
  kept.pieces = [];
  const size = () => kept.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  while (kept.chunks.length > 1 && size() > mostBytes) kept.chunks.shift();
}
