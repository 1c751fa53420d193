/** What the newest answer of one query was. */
interface Known {
  readonly isEmpty: boolean;
  /** What the source said of the query beside its answer. */
  readonly remarks: readonly string[];
}

/** Nearly every query has one of these answers, so that ten thousand of them have none of their own. */
const nothingOf: Known = { isEmpty: true, remarks: [] };
const somethingOf: Known = { isEmpty: false, remarks: [] };

function shared(answer: Known): Known {
  if (answer.remarks.length > 0) return answer;
  return answer.isEmpty ? nothingOf : somethingOf;
}

/** Most queries that one request asks, and fewest, where there are more than one. */
const mostMembers = 200;
const fewestMembers = 4;
/** Queries that are remembered; of one that is forgotten the first answer is looked at more closely again. */
const mostQueries = 50_000;
/** Queries are asked alone for so long after an answer that was odd, and twice as long after each further one. */
const firstPauseMs = 30_000;
const longestPauseMs = 3_600_000;
/** A number of members that was too much for the source is not tried again for so long. */
const tooMuchForMs = 3_600_000;

/** Callers that are remembered; to change the headers of a trigger time and again must not fill the memory. */
const mostCallers = 5_000;

/** How it stands with each caller. */
export function createStandings() {
  const standings = new Map<string, Standing>();
  return {
    of(caller: string, timeoutMs: number): Standing {
      const known = standings.get(caller);
      const [oldest] = standings.keys();
      if (known === undefined && standings.size >= mostCallers) standings.delete(oldest ?? '');
      // Who asked last is the last to be forgotten.
      standings.delete(caller);
      const standing = known ?? createStanding({ timeoutMs });
      standings.set(caller, standing);
      return standing;
    },
  };
}

export type Standing = ReturnType<typeof createStanding>;

/** Remembers how it went to ask the queries of one caller together, and which of them are better asked alone. */
export function createStanding({
  timeoutMs,
  nowMs = () => performance.now(),
}: {
  /** Longest time that one joint request may take. */
  readonly timeoutMs: number;
  readonly nowMs?: () => number;
}) {
  const known = new Map<string, Known>();
  const alone = new Set<string>();
  const explained = new Set<string>();
  let most = mostMembers;
  let ceiling = { members: mostMembers, untilMs: Number.NEGATIVE_INFINITY };
  let pauses = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const standing = {
    mayJoin: (query: string) => nowMs() >= pausedUntilMs && !alone.has(query),
    /** Whether the query was answered before: who is new does not share a question with those that are known to be well. */
    isKnown: (query: string) => known.has(query),
    mostMembers: () => most,
    /** Whether an empty answer is news, so that it is asked for again: a joint answer that was cut short has fewer series, too. */
    isNewlyEmpty: (query: string) => known.get(query)?.isEmpty !== true,
    note(query: string, answer: Known): void {
      if (known.size >= mostQueries && !known.has(query)) known.clear();
      known.set(query, shared(answer));
    },
    /** Notes the time that a query took alone, or that it may not be asked together (`Infinity`). */
    noteAlone(query: string, tookMs: number): void {
      if (tookMs < timeoutMs / 4) alone.delete(query);
      else if (alone.size < mostQueries) alone.add(query);
    },
    noteJoint(tookMs: number): void {
      if (nowMs() - pausedUntilMs > firstPauseMs * 2 ** pauses) pauses = 0;
      if (tookMs > timeoutMs / 2) most = Math.max(fewestMembers, Math.floor(most / 2));
      else if (tookMs < timeoutMs / 4) {
        most = Math.min(nowMs() < ceiling.untilMs ? ceiling.members : mostMembers, most * 2);
      }
    },
    /** The source refused so many queries at once, of which it refuses none alone. */
    noteTooMuch(members: number): void {
      most = Math.max(fewestMembers, Math.min(most, Math.floor(members / 2)));
      ceiling = { members: most, untilMs: nowMs() + tooMuchForMs };
    },
    /** A joint request took longer than it may. */
    noteSlow(): void {
      if (most === fewestMembers) standing.noteOdd();
      most = Math.max(fewestMembers, Math.floor(most / 2));
    },
    /** The source does not answer joint queries as it should. */
    noteOdd(): void {
      pausedUntilMs = nowMs() + Math.min(longestPauseMs, firstPauseMs * 2 ** pauses);
      pauses++;
    },
    /** Whether it was asked alone of which queries the source says each of these. */
    areExplained: (remarks: readonly string[]) => remarks.every((remark) => explained.has(essence(remark))),
    explain(remarks: readonly string[]): void {
      for (const remark of remarks) if (explained.size < mostQueries) explained.add(essence(remark));
    },
    /** Those of a query's own remarks that were made again. */
    remarksOf(query: string, remarks: readonly string[]): readonly string[] {
      const made = new Set(remarks.map(essence));
      return (known.get(query)?.remarks ?? []).filter((remark) => made.has(essence(remark)));
    },
  };
  return standing;
}

/** A remark without what differs in a joint query: the place it is made of, and numbers. */
function essence(remark: string): string {
  return remark.replace(/ \(\d+:\d+\)$/, '').replaceAll(/\d+/g, '#');
}
