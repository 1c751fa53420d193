import { createHash } from 'node:crypto';
import type { SourceWish } from '../../history/source.ts';
import type { DemandQuery } from '../demand-query.ts';

/**
 * What demand is archived under: a hash of what its rows depend on, which every replica calculates alike. What is learned from them may
 * change, such as the length of the history or the seasons. It is a hash because queries and headers may hold secrets.
 */
export function archiveKey({
  source: { address, namespace, headers, parameters },
  query,
  replicasQuery,
  emptyIsZero,
  stepSeconds,
}: DemandQuery & { readonly source: SourceWish }): string {
  const rowsDependOn = [
    ...[address, namespace, headers, parameters],
    ...[query, replicasQuery, emptyIsZero, stepSeconds],
  ];
  return createHash('sha256').update(JSON.stringify(rowsDependOn)).digest('hex').slice(0, 32);
}
