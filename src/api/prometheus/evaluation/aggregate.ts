import type { Aggregation, Grouping } from '../promql/expression.ts';
import type { Labels } from '../promql/matcher.ts';
import type { Row } from './row.ts';

interface Group {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** Values that were added at each moment. */
  readonly counts: Uint32Array;
}

/** Puts rows into groups as they come, so that no more than the groups is held. */
export function createGroups(aggregation: Aggregation, grouping: Grouping, count: number) {
  const groups = new Map<string, Group>();
  return {
    get size() {
      return groups.size;
    },
    add({ labels, values }: Row): void {
      const kept = keptLabels(labels, grouping);
      const key = JSON.stringify([...kept]);
      const group = groups.get(key) ?? {
        labels: kept,
        values: new Float64Array(count),
        counts: new Uint32Array(count),
      };
      groups.set(key, group);
      for (let index = 0; index < count; index++)
        fold(aggregation, group, index, values[index] ?? Number.NaN);
    },
    *rows(): Generator<Row> {
      for (const { labels, values, counts } of groups.values()) {
        const isMean = aggregation === 'avg';
        const result = values.map((value, index) => {
          const added = counts[index] ?? 0;
          if (added === 0) return Number.NaN;
          return isMean ? value / added : value;
        });
        yield { labels, values: result };
      }
    },
  };
}

function fold(aggregation: Aggregation, { values, counts }: Group, index: number, value: number): void {
  if (Number.isNaN(value)) return;
  const before = values[index] ?? 0;
  const isFirst = counts[index] === 0;
  counts[index] = (counts[index] ?? 0) + 1;
  if (isFirst) values[index] = value;
  else if (aggregation === 'max') values[index] = Math.max(before, value);
  else if (aggregation === 'min') values[index] = Math.min(before, value);
  else values[index] = before + value;
}

function keptLabels(labels: Labels, { mode, labels: named }: Grouping): Labels {
  const isKept = (label: string) =>
    mode === 'by' ? named.has(label) : label !== '__name__' && !named.has(label);
  return new Map([...labels].filter(([label]) => isKept(label)));
}
