import { toForescaleError } from '../../platform/errors.ts';
import { afterPromises, createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { JointBounds, JointQuery } from './joint-dialect.ts';
import type { JointOutcome } from './joint-outcome.ts';
import { answer, fail, nobodyWaits, type Question } from './question.ts';
import type { Standing } from './standing.ts';

/** How the queries of one caller are asked, as of one time. */
export interface JointCall<T> {
  readonly standing: Standing;
  readonly mostBytes: () => number;
  compose(queries: readonly string[], bounds: JointBounds): readonly JointQuery[];
  /** Sends a joint request; `isAgain` where it is a part of one that failed. Rejects only with the signal's reason. */
  send(joint: JointQuery, signal: AbortSignal, isAgain: boolean): Promise<JointOutcome<T>>;
  /** Asks one query, as if there were no others. `took` is told how long the source took, without the wait for a turn. */
  alone(query: string, signal: AbortSignal, took: (ms: number) => void): Promise<T>;
  isEmpty(result: T): boolean;
  remarksOf(result: T): readonly string[];
  withRemarks(result: T, remarks: readonly string[]): T;
}

/** Asks questions of one caller, together where that may be. Never rejects: each question has its own answer or failure. */
export async function askTogether<T>(call: JointCall<T>, questions: readonly Question<T>[]): Promise<void> {
  const { standing } = call;
  const joinable = questions.filter(({ query }) => standing.mayJoin(query));
  const known = joinable.filter(({ query }) => standing.isKnown(query));
  const unknown = joinable.filter(({ query }) => !standing.isKnown(query));
  const groups = [known, unknown].filter((group) => group.length > 1);
  const together = new Set(groups.flat());
  const alone = questions.filter((question) => !together.has(question));
  await Promise.all([
    ...alone.map((question) => askAlone(call, question)),
    // Where a part of ours fails, single queries go on.
    ...groups.map((group) => askJointly(call, group).catch(() => askEach(call, group))),
  ]);
}

function askEach<T>(call: JointCall<T>, questions: readonly Question<T>[]): Promise<unknown> {
  return Promise.all(questions.map((question) => askAlone(call, question)));
}

/** The search for a member that makes a joint request fail. */
interface Search {
  halvingsLeft: number;
  /** Some of the members got an answer, so that the source is well. */
  isAnyWell: boolean;
  /** Members that failed alone. */
  readonly failed: Set<string>;
}

function searchAmong(members: number): Search {
  return { halvingsLeft: Math.ceil(Math.log2(members)), isAnyWell: false, failed: new Set() };
}

/** Asks questions by as few requests as may be. */
async function askJointly<T>(
  call: JointCall<T>,
  questions: readonly Question<T>[],
  search?: Search,
): Promise<void> {
  const bounds = { mostMembers: call.standing.mostMembers(), mostBytes: call.mostBytes() };
  const byQuery = new Map(questions.map((question) => [question.query, question]));
  const joints = call.compose([...byQuery.keys()], bounds);
  await Promise.all(
    joints.map(async (joint) => {
      const members = joint.members.map((query) => byQuery.get(query)).filter((one) => one !== undefined);
      const [first, ...others] = members;
      if (first !== undefined && others.length === 0) await askAlone(call, first, { search });
      else await askJoint(call, joint, members, search);
    }),
  );
}

async function askJoint<T>(
  call: JointCall<T>,
  joint: JointQuery,
  members: readonly Question<T>[],
  search: Search | undefined,
): Promise<void> {
  const { standing } = call;
  const outcome = await sent(call, joint, members, search !== undefined);
  switch (outcome?.kind) {
    case undefined:
      return;
    case 'answers':
      if (search !== undefined) search.isAnyWell = true;
      standing.noteJoint(outcome.tookMs);
      if (standing.areExplained(outcome.remarks)) return answerEach(call, members, outcome);
      await askEach(call, members);
      return standing.explain(outcome.remarks);
    case 'odd':
      standing.noteOdd();
      await askEach(call, members);
      return;
    case 'slow':
      standing.noteSlow();
      await askEach(call, members);
      forgiveTheMany(standing, members);
      return;
    case 'refused': {
      const own = search ?? searchAmong(members.length);
      await Promise.all(halvesOf(members).map((half) => askJointly(call, half, own)));
      if (members.every(({ query }) => standing.mayJoin(query))) standing.noteTooMuch(members.length);
      return;
    }
    case 'unwell':
      await searchCulprit(call, members, outcome, search);
  }
}

function halvesOf<T>(members: readonly T[]): (readonly T[])[] {
  const half = Math.ceil(members.length / 2);
  return [members.slice(0, half), members.slice(half)];
}

/** Largest share of members that may be to blame for a slow answer. */
const mostSlowShare = 0.25;

/**
 * Has members asked together again of which many are slow alone, too: then the source is slow, or this process has little of a core,
 * and asking each of them alone would take more of both.
 */
function forgiveTheMany(standing: Standing, members: readonly { readonly query: string }[]): void {
  const slow = members.filter(({ query }) => !standing.mayJoin(query));
  if (slow.length <= members.length * mostSlowShare) return;
  for (const { query } of slow) standing.noteAlone(query, 0);
}

/**
 * Looks for the one member that may make the source fail, and has the others answered; but a source that is down is not asked once
 * for each of them.
 */
async function searchCulprit<T>(
  call: JointCall<T>,
  members: readonly Question<T>[],
  { error, isAnswered }: Extract<JointOutcome<T>, { kind: 'unwell' }>,
  search: Search | undefined,
): Promise<void> {
  const own = search ?? searchAmong(members.length);
  if (!isAnswered || own.halvingsLeft <= 0) {
    for (const member of members) fail(member, error);
    return;
  }
  own.halvingsLeft--;
  for (const half of halvesOf(members)) await askJointly(call, half, own);
  if (search !== undefined || !own.isAnyWell) return;
  for (const query of own.failed) call.standing.noteAlone(query, Number.POSITIVE_INFINITY);
}

/** How a joint request ended; undefined where nobody waits for it any more. */
async function sent<T>(
  call: JointCall<T>,
  joint: JointQuery,
  members: readonly Question<T>[],
  isAgain: boolean,
): Promise<JointOutcome<T> | undefined> {
  const watch = nobodyWaits(members);
  try {
    return await call.send(joint, watch.signal, isAgain);
  } catch (thrown) {
    if (watch.signal.aborted) return undefined;
    throw thrown;
  } finally {
    watch.release();
  }
}

async function answerEach<T>(
  call: JointCall<T>,
  members: readonly Question<T>[],
  { of, remarks }: Extract<JointOutcome<T>, { kind: 'answers' }>,
): Promise<void> {
  const { standing } = call;
  const alone: Promise<void>[] = [];
  const slices = createTimeSlices({ sliceFor: 'refresh' });
  for (const [index, member] of members.entries()) {
    // The answer before may have led to a decision, some promises later: only after it is known what time it took.
    await afterPromises();
    if (slices.isOver()) await slices.nextTurn();
    const result = of[index];
    if (result === undefined) {
      alone.push(askAlone(call, member));
      continue;
    }
    const isEmpty = call.isEmpty(result);
    if (isEmpty && standing.isNewlyEmpty(member.query)) {
      alone.push(askAlone(call, member, { onOther: () => standing.noteOdd() }));
      continue;
    }
    const own = standing.remarksOf(member.query, remarks);
    standing.note(member.query, { isEmpty, remarks: own });
    answer(member, own.length === 0 ? result : call.withRemarks(result, own));
  }
  await Promise.all(alone);
}

/** Asks one question as if there were no others. `onOther` is called where it has an answer that is not empty. */
async function askAlone<T>(
  call: JointCall<T>,
  question: Question<T>,
  { search, onOther }: { readonly search?: Search | undefined; readonly onOther?: () => void } = {},
): Promise<void> {
  const { query, waiting } = question;
  if (waiting.size === 0) return;
  const { standing } = call;
  const watch = nobodyWaits([question]);
  let tookMs = 0;
  const took = (ms: number) => {
    tookMs = ms;
  };
  try {
    const result = await call.alone(query, watch.signal, took);
    const isEmpty = call.isEmpty(result);
    if (search !== undefined) search.isAnyWell = true;
    standing.noteAlone(query, tookMs);
    standing.note(query, { isEmpty, remarks: call.remarksOf(result) });
    if (!isEmpty) onOther?.();
    answer(question, result);
  } catch (thrown) {
    const { code } = toForescaleError(thrown);
    if (code === 'source-unreachable') search?.failed.add(query);
    else if (!watch.signal.aborted) {
      standing.noteAlone(query, code === 'source-timeout' ? tookMs : Number.POSITIVE_INFINITY);
    }
    fail(question, thrown);
  } finally {
    watch.release();
  }
}
