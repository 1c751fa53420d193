import { describe, expect, it } from 'vitest';
import {
  askedAt,
  leadsOf,
  type PodLife,
  podMinutes,
  quantile,
  rampSteps,
  readyAt,
  startUps,
} from '../../cluster/play/fleet-timeline.ts';

const pod = (created: number, ready: number | undefined, gone?: number): PodLife => ({
  ...{
    app: 'a',
    name: `pod-${created}`,
    created,
    createdByServer: created,
    ready,
    readyByServer: ready,
    gone,
  },
});

describe('the timeline of a fleet in a cluster', () => {
  it('counts a pod from its readiness until it is asked to end', () => {
    const pods = [pod(0, 10, 50), pod(5, undefined), pod(5, 20)];
    expect([9, 10, 20, 50].map((at) => readyAt(pods, at))).toEqual([0, 1, 2, 1]);
  });

  it('tells when each further replica was needed, asked for and ready', () => {
    // Ten more each ten seconds: the second replica is needed just after 10 s, the third after 20 s.
    const demand = (seconds: number) => seconds;
    const fleet = {
      pods: [pod(-5, 0), pod(1, 8), pod(12, 24)],
      asked: [
        { at: 0, replicas: 1 },
        { at: 1, replicas: 2 },
        { at: 12, replicas: 3 },
      ],
    };
    const steps = rampSteps(fleet, demand, 10, [5, 30]);
    expect(steps).toEqual([
      { replicas: 2, needed: 10.25, asked: 5, ready: 8 },
      { replicas: 3, needed: 20.25, asked: 12, ready: 24 },
    ]);
    expect(leadsOf(steps)).toEqual([2.25, -3.75]);
  });

  it('takes a replica that never became ready for one that was never in time', () => {
    const steps = rampSteps({ pods: [pod(0, 0)], asked: [{ at: 0, replicas: 1 }] }, (at) => at, 10, [5, 15]);
    expect(steps).toEqual([{ replicas: 2, needed: 10.25, asked: undefined, ready: undefined }]);
    expect(leadsOf(steps)).toEqual([-Infinity]);
  });

  it('adds up what was asked for, within a time alone', () => {
    const asked = [
      { at: 0, replicas: 2 },
      { at: 60, replicas: 4 },
      { at: 300, replicas: 9 },
    ];
    expect(podMinutes(asked, [30, 120])).toBe(1 + 4);
    expect(askedAt(asked, -1)).toBe(0);
  });

  it('knows start-up times and their quantiles', () => {
    const times = startUps([pod(0, 12), pod(5, 10), pod(7, undefined), pod(8, 17)]);
    expect(times).toEqual([5, 9, 12]);
    expect([0.5, 0.95].map((share) => quantile(times, share))).toEqual([9, 12]);
  });
});
