import type { TriggerRef } from '../../../../src/scaler/workload-identity.ts';
import { promise, type Served, served } from './promises.ts';
import type { SceneEvent } from './scenario.ts';
import { createVirtualReplica, type VirtualReplica } from './virtual-replica.ts';
import { sourceFault, type World } from './world.ts';

/** Poll at which a late companion starts. */
const latePoll = 3;

/** A second replica of the scenario, and how alike its answers must be. */
export interface Comparison {
  readonly world: World;
  replica: VirtualReplica | undefined;
  /** Whether the two have lived through the same. */
  isTwin: boolean;
  /** Whether a replica that starts now comes to know all that an older one knows. */
  isRepeatable: boolean;
  note(what: SceneEvent['what']): void;
}

/** A trigger, and what the first replica has just answered. */
interface AskedTrigger {
  readonly ref: TriggerRef;
  readonly now: Served;
}

export function createComparison(world: World): Comparison {
  const { companion } = world.scenario;
  const comparison: Comparison = {
    world,
    replica: companion === 'late' ? undefined : createVirtualReplica(world),
    isTwin: companion !== 'late',
    // A source that tells one replica what it does not tell the other makes them differ, and so does a clock that jumps.
    isRepeatable: world.scenario.sourceEpisodes.every(({ of }) => of === 'instant'),
    note({ kind }) {
      if (kind === 'restart') comparison.isTwin = false;
      if (kind === 'clock jump') comparison.isRepeatable = false;
      if (kind === 'forget') {
        comparison.replica?.workloads.forgetIdle();
        comparison.isRepeatable = false;
      }
    },
  };
  return comparison;
}

/** Promise 6, and 8 for a companion that is alone: asks it for the same triggers and compares. Resolves with the comparisons made. */
export async function checkCompanion(
  comparison: Comparison,
  first: VirtualReplica,
  triggers: readonly AskedTrigger[],
): Promise<number> {
  const { world } = comparison;
  const { companion } = world.scenario;
  if (companion === 'late' && world.poll === latePoll) comparison.replica = createVirtualReplica(world);
  const { replica } = comparison;
  if (replica === undefined) return 0;
  await replica.refresh();
  const namespace = triggers[0]?.ref.namespace;
  const asked = companion === 'alone' ? triggers.filter(({ ref }) => ref.namespace === namespace) : triggers;
  let compared = 0;
  // In another order than the first replica was asked.
  const reversed = asked.toReversed();
  await replica.welcome(reversed.map(({ ref }) => ref));
  for (const { ref, now: ours } of reversed) {
    const its = served(await replica.ask(ref));
    if (first.isBehind(ref) || replica.isBehind(ref)) continue;
    if (comparison.isTwin) {
      promise(same(its, ours), `replicas that live alike agree: ${show(ours)} and ${show(its)}`);
      compared++;
    } else if (comparison.isRepeatable && isComparable(world, first, replica, ref)) {
      const threshold = Number(ref.scalerMetadata['threshold']);
      promise(alike(its, ours, threshold), `a replica that restarted agrees: ${show(ours)} and ${show(its)}`);
      compared++;
    }
  }
  return compared;
}

function same(a: Served, b: Served): boolean {
  return a.value === b.value && a.active === b.active;
}

/** The highest tolerance of an HPA in the scenarios: by so much more than a replica the value is raised for one more. */
const mostTolerance = 0.5;
/** What makes one replica more or less of a demand that is a whole number of them. */
const roundingNoise = 1e-6;

/** Within 1 %, or one step of the HPA. */
function alike(a: Served, b: Served, threshold: number): boolean {
  if (a.value === undefined || b.value === undefined) return false;
  const isNear = Math.abs(a.value - b.value) <= 0.01 * Math.max(a.value, b.value);
  const isRaisedByOne = Math.abs(a.value - b.value) <= (1 + mostTolerance) * threshold * (1 + roundingNoise);
  const apart = Math.abs(Math.ceil(a.value / threshold) - Math.ceil(b.value / threshold));
  return isNear || isRaisedByOne || apart <= 1;
}

/** Both observe well, and neither holds what its model said before the other began. */
function isComparable(world: World, first: VirtualReplica, second: VirtualReplica, ref: TriggerRef): boolean {
  const query = Number(ref.scalerMetadata['query']?.slice(1));
  if (sourceFault(world, query, 'instant') !== undefined) return false;
  if (world.scenario.modelEpisodes.some((episode) => episode.query === query)) return false;
  if (hasLostPast(world) && world.scenario.calendarEpisodes.some((episode) => episode.query === query))
    return false;
  const [a, b] = [first.witness(ref)?.observed, second.witness(ref)?.observed];
  return (
    a !== undefined &&
    b !== undefined &&
    a.atSeconds === b.atSeconds &&
    Math.abs(world.clockSeconds - a.atSeconds) <= 15
  );
}

/** Whether who learns the past anew with other events knows less of it than one that did so while the archive was there. */
function hasLostPast({ scenario: { archive }, poll }: World): boolean {
  return archive !== undefined && archive.lostFrom > 0 && archive.lostFrom <= poll;
}

function show(served: Served): string {
  return JSON.stringify(served);
}
