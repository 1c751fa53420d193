import type { TriggerRef } from '../../../../src/scaler/workload-identity.ts';
import {
  checkSpec,
  checkValue,
  type Held,
  type Promised,
  promise,
  type SavedValue,
  type Served,
  served,
} from './promises.ts';
import { checkCompanion, createComparison } from './replicas-agree.ts';
import type { Scenario, SceneEvent, WorkloadWish } from './scenario.ts';
import { clusterFactsAt } from './virtual-cluster.ts';
import {
  createVirtualReplica,
  forgetAfterSeconds,
  quantised,
  refreshSeconds,
  type VirtualReplica,
} from './virtual-replica.ts';
import { blindSeconds, freshSeconds, type Witness } from './witness.ts';
import { createWorld, queryName, type World } from './world.ts';

/** A trigger as KEDA sends it, and what was promised for it so far. */
interface PlayedTrigger {
  ref: TriggerRef;
  now: Served;
  held: Held | undefined;
  before: FreshMoment | undefined;
  /** What was held when the replica was restarted, and since when. */
  overRestart: HeldOverRestart | undefined;
  /** Every value that this replica has answered, each of which was checked when it was. */
  readonly answered: Set<number>;
  /** What was served last that was good before the replica was restarted, or forgot it, by what it remembers. */
  saved: SavedValue | undefined;
}

interface HeldOverRestart extends Held {
  readonly seconds: number;
  readonly promised: Promised;
}

/** Polls from one that is repeated at once to the next: repeating each would cost a third of the whole time. */
const askAgainEvery = 3;
/** The number of replicas counts for so long. */
const freshReplicasSeconds = 240;
const nothing: Served = { value: undefined, active: undefined };

/** What was served at a moment with a fresh observation. */
interface FreshMoment extends Served {
  readonly observed: number;
  readonly seconds: number;
  readonly promised: Promised;
}

/** What a scenario has led to, to be sure that the scenarios lead somewhere. */
export interface Tally {
  polls: number;
  errors: number;
  blind: number;
  zeros: number;
  aboveObserved: number;
  compared: number;
}

/** Plays a scenario and checks every promise at every poll. Rejects with the first that is broken. */
export async function play(scenario: Scenario, tally: Tally): Promise<void> {
  const world = createWorld(scenario);
  let replica = createVirtualReplica(world);
  const triggers = scenario.workloads.map((wish, index) => playedTrigger(scenario, wish, index));
  const comparison = createComparison(world);
  for (const [poll, gapSeconds] of scenario.gaps.entries()) {
    world.poll = poll;
    world.trueSeconds += gapSeconds;
    world.clockSeconds += gapSeconds;
    for (const { what } of scenario.events.filter((event) => event.poll === poll)) {
      if (what.kind === 'restart') replica = await restarted(world, replica, triggers);
      else happen(world, replica, triggers, what);
      comparison.note(what);
    }
    await replica.refresh();
    await replica.welcome(triggers.map(({ ref }) => ref));
    for (const trigger of triggers) await pollTrigger(world, replica, trigger, tally);
    tally.compared += await checkCompanion(comparison, replica, triggers);
  }
}

function playedTrigger(scenario: Scenario, wish: WorkloadWish, index: number): PlayedTrigger {
  const { namespace, query, metadata } = wish;
  const scalerMetadata = {
    ...scenario.scale.metadata,
    ...metadata,
    query: queryName(query),
    ignoreNullValues: String(scenario.demands[query]?.emptyIsZero ?? false),
    scalerAddress: 'forescale:6000',
  };
  return {
    ref: { namespace, name: `w${index}`, scalerMetadata },
    now: nothing,
    held: undefined,
    before: undefined,
    overRestart: undefined,
    answered: new Set(),
    saved: undefined,
  };
}

/** Asks for one trigger, and checks what is promised for a single answer and for two in a row. */
async function pollTrigger(
  world: World,
  replica: VirtualReplica,
  trigger: PlayedTrigger,
  tally: Tally,
): Promise<void> {
  const { ref } = trigger;
  const promised = promisedOf(world, ref);
  const first = await replica.ask(ref);
  const witness = replica.witness(ref);
  promise(witness !== undefined, 'a model for a workload that was asked for');
  const { questions } = witness;
  checkSpec(await replica.spec(ref), promised);
  const now = served(first);
  if (world.poll % askAgainEvery === 0) {
    const again = await replica.ask(ref);
    promise(JSON.stringify(again) === JSON.stringify(first), 'the same answer when asked twice');
  }
  if (now.value !== undefined)
    promise(witness.questions === questions, 'asking asks neither source nor model');

  const nowSeconds = world.clockSeconds;
  const { observed, boundSeconds } = witness;
  const isFresh = observed !== undefined && Math.abs(nowSeconds - observed.atSeconds) <= freshSeconds;
  const moment = isFresh ? { ...now, observed: observed.value, seconds: nowSeconds, promised } : undefined;
  if (moment !== undefined) checkAfterModelFault(trigger.before, moment, boundSeconds);
  checkAfterRestart(trigger.overRestart, { now, promised, nowSeconds }, witness);
  trigger.held = checkValue(now, promised, { witness, nowSeconds, saved: trigger.saved }, trigger.held);
  if (now.value !== undefined) trigger.answered.add(now.value);
  trigger.before = moment;
  trigger.now = now;

  tally.polls++;
  if (now.value === undefined) tally.errors++;
  else if (!isFresh) tally.blind++;
  if (now.value === 0) tally.zeros++;
  if (now.value !== undefined && isFresh && now.value > 1.2 * observed.value) tally.aboveObserved++;
}

/** Promise 3 for a model that has given a bound and gives none now: what demand does not lower is not lowered. */
function checkAfterModelFault(
  before: FreshMoment | undefined,
  now: FreshMoment,
  boundSeconds: number | undefined,
): void {
  if (before?.value === undefined || now.seconds < before.seconds || now.observed < before.observed) return;
  if (boundSeconds === undefined || boundSeconds > before.seconds) return;
  if (now.seconds - boundSeconds > blindSeconds) return;
  // Another number of replicas needs another raise.
  if (JSON.stringify(now.promised) !== JSON.stringify(before.promised)) return;
  promise(
    now.value !== undefined && now.value >= before.value * (1 - 1e-12),
    `a model that fails does not lower ${before.value} to ${now.value}`,
  );
  promise(now.active === true || before.active !== true, 'a model that fails makes nothing inactive');
}

/** Promise 3 for a restart: while no history can be read again, what was good before is not lowered. */
function checkAfterRestart(
  before: HeldOverRestart | undefined,
  {
    now,
    promised,
    nowSeconds,
  }: { readonly now: Served; readonly promised: Promised; readonly nowSeconds: number },
  { historyAnswers, observed }: Pick<Witness, 'historyAnswers' | 'observed'>,
): void {
  if (before === undefined || now.value === undefined || promised.isReactive) return;
  if (historyAnswers > 0 && observed !== undefined) return;
  if (Math.abs(nowSeconds - before.seconds) > blindSeconds) return;
  if (JSON.stringify(promised) !== JSON.stringify(before.promised)) return;
  promise(now.value >= before.value, `a restart does not lower ${before.value} to ${now.value}`);
  promise(now.active === true || !before.active, 'a restart makes nothing inactive');
}

function promisedOf(world: World, { name, scalerMetadata }: TriggerRef): Promised {
  const nowSeconds = quantised(world.clockSeconds, refreshSeconds);
  const { hpa } = clusterFactsAt(world, name, nowSeconds)?.seen ?? {};
  const isNow = Math.abs(nowSeconds - (hpa?.atSeconds ?? 0)) <= freshReplicasSeconds;
  return {
    threshold: Number(scalerMetadata['threshold']),
    activationThreshold: Number(scalerMetadata['activationThreshold'] ?? '0'),
    hpaTolerance: Number(scalerMetadata['hpaTolerance'] ?? hpa?.toleranceUp ?? '0.1'),
    replicas: isNow && hpa?.current !== undefined ? Math.min(hpa.current, hpa.desired ?? 0) : undefined,
    isReactive: world.isForcedReactive || scalerMetadata['mode'] === 'reactive',
  };
}

/** A new replica that knows what the old one has saved, and is warm when it is asked. */
async function restarted(
  world: World,
  old: VirtualReplica,
  triggers: readonly PlayedTrigger[],
): Promise<VirtualReplica> {
  old.stop();
  const replica = createVirtualReplica(world);
  const known = old.workloads.refs();
  for (const { askedSecondsAgo, served, ...ref } of known) {
    const workload = replica.workloads.open(ref, { askedSecondsAgo, served });
    await Promise.all([workload.firstObserved, workload.firstHistory]);
  }
  for (const trigger of triggers) {
    const { held, before } = trigger;
    noteSaved(trigger, known);
    // What a glitch added was not held; what is held since before a fault has another age.
    const isNewest = held !== undefined && before?.value === held.value;
    trigger.overRestart = isNewest
      ? { ...held, seconds: before.seconds, promised: before.promised }
      : undefined;
  }
  forgetHeld(triggers);
  return replica;
}

/** Takes note of what a replica remembers of a trigger: one that was asked remembers no more than it has answered, or remembered itself. */
function noteSaved(trigger: PlayedTrigger, known: ReturnType<VirtualReplica['workloads']['refs']>): void {
  const { answered, saved: before } = trigger;
  const own = known.filter(({ name }) => name === trigger.ref.name).flatMap(({ served }) => served ?? []);
  const saved = own.toSorted((a, b) => b.atSeconds - a.atSeconds)[0];
  const most = Math.max(...answered, before?.signal ?? 0);
  const isKnown = saved === undefined || answered.size === 0 || saved.signal <= most;
  promise(isKnown, `no more than ${most} is remembered, not ${saved?.signal}`);
  answered.clear();
  trigger.saved = saved;
}

function happen(
  world: World,
  replica: VirtualReplica,
  triggers: readonly PlayedTrigger[],
  what: Exclude<SceneEvent['what'], { kind: 'restart' }>,
): void {
  switch (what.kind) {
    case 'kill switch':
      world.isForcedReactive = !world.isForcedReactive;
      forgetHeld(triggers);
      break;
    case 'clock jump':
      world.clockSeconds += what.seconds;
      break;
    case 'forget':
      world.trueSeconds += forgetAfterSeconds + 1;
      world.clockSeconds += forgetAfterSeconds + 1;
      for (const trigger of triggers) noteSaved(trigger, replica.workloads.refs());
      replica.workloads.forgetIdle();
      promise(replica.models() === 0, 'no model is held of workloads that were forgotten');
      forgetHeld(triggers);
      for (const trigger of triggers) trigger.overRestart = undefined;
      break;
    case 'edited threshold':
      for (const trigger of triggers.slice(what.workload, what.workload + 1))
        noteSaved(trigger, replica.workloads.refs());
      edit(triggers[what.workload], { threshold: what.threshold });
      break;
    case 'edited query':
      edit(triggers[what.workload], {
        query: queryName(what.query),
        ignoreNullValues: String(world.scenario.demands[what.query]?.emptyIsZero ?? false),
      });
  }
}

/** What was good for the old settings says nothing about the new ones. */
function edit(trigger: PlayedTrigger | undefined, metadata: Readonly<Record<string, string>>): void {
  if (trigger === undefined) return;
  trigger.ref = { ...trigger.ref, scalerMetadata: { ...trigger.ref.scalerMetadata, ...metadata } };
  trigger.overRestart = undefined;
  forgetHeld([trigger]);
}

function forgetHeld(triggers: readonly PlayedTrigger[]): void {
  for (const trigger of triggers) {
    trigger.held = undefined;
    trigger.before = undefined;
  }
}
