import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import type { Told } from '../../../src/scaler/directory/asked.ts';
import { createWorkloads, type Workloads } from '../../../src/scaler/directory/workloads.ts';
import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { createFakeModels } from './fake-models.ts';

const day = 86_400;
let now: number;
let elsewhere: boolean[];
let workloads: Workloads;

beforeEach(() => {
  now = 1_000_000;
  elsewhere = [];
  workloads = make();
});

function make(limits: { readonly maxWorkloads?: number; readonly maxPerNamespace?: number } = {}): Workloads {
  return createWorkloads({
    models: createFakeModels(),
    defaults: workloadDefaults(readTiming()),
    maxWorkloads: 10,
    maxPerNamespace: 10,
    forgetAfterSeconds: day,
    clock: () => 1_700_000_000,
    monotonic: () => now,
    replica: 'this',
    log: silentLogger,
    isForcedReactive: () => false,
    record: { note: (_, decision) => void elsewhere.push(decision.elsewhere === true) },
    ...limits,
  });
}

const ref = (name: string, more: Record<string, string> = {}, namespace = 'shop') => ({
  namespace,
  name,
  scalerMetadata: { query: 'up', threshold: '1', ...more },
});
const told = (askedSecondsAgo: number, openedSecondsAgo = 600): Told => ({
  replica: 'other',
  askedSecondsAgo,
  streamedSecondsAgo: undefined,
  openedSecondsAgo,
});
const names = () => workloads.list().map(({ name }) => name);
const find = (name: string) => workloads.find('shop', name)[0];

describe('a workload that KEDA asks another replica for', () => {
  it('is known, says who is asked, and is marked on record until KEDA asks here', () => {
    workloads.follow(ref('web'), told(4));
    expect(find('web')?.asked()).toEqual({ replica: 'other', secondsAgo: 4 });
    find('web')?.decision();
    expect(elsewhere).not.toContain(false);
    expect(elsewhere.length).toBeGreaterThan(0);
    expect(workloads.asked()).toEqual([]);
    workloads.open(ref('web', { scalerAddress: 'here:6000' }));
    expect(find('web')?.asked()).toEqual({ replica: 'this', secondsAgo: 0 });
    expect(workloads.asked()).toMatchObject([{ askedSecondsAgo: 0 }]);
    expect(names()).toEqual(['web']);
  });

  it('is forgotten when nobody was asked for it for a day', () => {
    const followed = workloads.follow(ref('web'), told(0));
    now += day - 60;
    expect(followed.note(told(5))).toBe(true);
    now += day - 60;
    workloads.forgetIdle();
    expect(names()).toEqual(['web']);
    now += 120;
    workloads.forgetIdle();
    expect(names()).toEqual([]);
    expect(followed.note(told(5))).toBe(false);
  });

  it('is replaced by an edit as at the replica that is asked', () => {
    const before = workloads.follow(ref('web'), told(0));
    now += 30;
    workloads.follow(ref('web', { threshold: '2' }), told(5, 10));
    before.note(told(30));
    expect(workloads.find('shop', 'web').map(({ threshold }) => threshold)).toEqual([2]);
  });

  it('stays beside another trigger of its ScaledObject that was opened later', () => {
    const one = workloads.follow(ref('web'), told(0));
    now += 60;
    workloads.follow(ref('web', { query: 'down' }), told(5, 10));
    one.note(told(5, 660));
    expect(workloads.find('shop', 'web')).toHaveLength(2);
  });

  it('takes the room of none that KEDA asks this replica for, and makes room for it', () => {
    workloads = make({ maxWorkloads: 3, maxPerNamespace: 2 });
    workloads.open(ref('own'));
    workloads.follow(ref('told'), told(1));
    expect(() => workloads.follow(ref('more'), told(1))).toThrow(/its limit/);
    workloads.follow(ref('far', {}, 'other'), told(1));
    workloads.open(ref('new'));
    expect(names().sort()).toEqual(['far', 'new', 'own']);
    workloads.open(ref('newer', {}, 'other'));
    expect(names().sort()).toEqual(['new', 'newer', 'own']);
    expect(() => workloads.open(ref('newest', {}, 'third'))).toThrow(/its limit/);
  });

  it('gives way in the order in which it was told, and not where KEDA has asked here, or for its stream, since', () => {
    workloads = make({ maxWorkloads: 4 });
    for (const name of ['a', 'b', 'c', 'd']) workloads.follow(ref(name), told(1));
    workloads.open(ref('b'));
    workloads.noteStream(ref('a'));
    workloads.open(ref('e'));
    expect(names().sort()).toEqual(['a', 'b', 'd', 'e']);
    workloads.open(ref('f'));
    expect(names().sort()).toEqual(['a', 'b', 'e', 'f']);
    expect(() => workloads.open(ref('g'))).toThrow(/its limit/);
  });

  it('makes room also where it was known before it was told', () => {
    workloads = make({ maxWorkloads: 1 });
    workloads.open(ref('known'), { askedSecondsAgo: 5 });
    expect(() => workloads.open(ref('new'))).toThrow(/its limit/);
    workloads.follow(ref('known'), told(1));
    workloads.open(ref('new'));
    expect(names()).toEqual(['new']);
  });

  it('is refused as KEDA would be where the peer tells nonsense', () => {
    expect(() => workloads.follow(ref('Not A Name'), told(1))).toThrow(/no name of Kubernetes/);
    expect(() => workloads.follow(ref('web', { threshold: '-1' }), told(1))).toThrow(/threshold/);
    expect(names()).toEqual([]);
  });
});
