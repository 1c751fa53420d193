import type { JointDialect } from '../../joint/joint-dialect.ts';
import { readJointInstants, readJointRanges } from './joint-answer.ts';
import { composeJointQueries } from './joint-query.ts';
import { type MemberQuery, memberQuery } from './member-query.ts';

/** Queries whose reading is remembered; one that is forgotten is read again. */
const mostQueries = 50_000;

/** How queries in PromQL are asked together. */
export function createPromqlJoints(): JointDialect {
  const read = new Map<string, MemberQuery | undefined>();
  const memberOf = (query: string) => {
    if (read.has(query)) return read.get(query);
    if (read.size >= mostQueries) read.clear();
    const member = memberQuery(query);
    read.set(query, member);
    return member;
  };
  return {
    isJoinable: (query) => memberOf(query) !== undefined,
    compose: (queries, bounds) =>
      composeJointQueries(
        queries.map(memberOf).filter((member) => member !== undefined),
        bounds,
      ),
    readInstants: readJointInstants,
    readRanges: readJointRanges,
  };
}
