import { describe, expect, it } from 'vitest';
import { bodyOf, isQueryKnown } from '../../../../src/api/page/what-if/request.js';
import { resultGroups, resultSentences } from '../../../../src/api/page/what-if/result-words.js';
import {
  assumedSettings,
  changedSettings,
  presentSettings,
  settingsOf,
  sliders,
  stepsOf,
} from '../../../../src/api/page/what-if/settings.js';
import { fromEnvironment } from '../../../../src/platform/secrets/from-environment.ts';

const status = {
  namespace: 'shop',
  name: 'web',
  threshold: 20,
  leadTime: { seconds: 148.5 },
  decision: { serviceLevel: 0.99 },
  replicas: { min: 2, max: 30 },
  hpaTolerance: { up: 0.1 },
  query: 'sum(rate(x[2m]))',
  source: 'http://prometheus:9090',
};
const present = presentSettings(status);

describe('the settings of a what-if', () => {
  it('begin with those that the workload has', () => {
    expect(present).toEqual({
      target: 20,
      startUp: 149,
      serviceLevel: 0.99,
      minReplicas: 2,
      maxReplicas: 30,
    });
    const unknown = presentSettings({ ...status, decision: null, replicas: null });
    expect(unknown).toMatchObject({ serviceLevel: 0.99, minReplicas: 1, maxReplicas: 100 });
    expect([...assumedSettings(status)]).toEqual([]);
    expect([...assumedSettings({ ...status, replicas: null })]).toEqual(['minReplicas', 'maxReplicas']);
  });

  it('are read from a link, which names only what is changed', () => {
    const settings = settingsOf({ target: '25', startUp: 'soon', trigger: 'a1b2' }, present);
    expect(settings).toEqual({ ...present, target: 25 });
    expect(changedSettings(settings, present)).toEqual({ target: 25 });
    expect(settingsOf({}, present)).toEqual(present);
  });

  it('have sliders on which the present and the chosen value are steps, rising', () => {
    const settings = settingsOf({ target: '23.4', maxReplicas: '33' }, present);
    for (const slider of sliders) {
      const steps = stepsOf(slider, settings, present);
      const name = slider.name as keyof typeof present;
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      expect(steps).toContain(present[name]);
      expect(steps).toContain(settings[name]);
    }
  });
});

describe('the request of a what-if', () => {
  it('lets the server read the demand by the query of the workload', () => {
    expect(bodyOf(present, status)).toMatchObject({
      query: 'sum(rate(x[2m]))',
      address: 'http://prometheus:9090',
      workload: 'shop/web',
      target: 20,
      startUp: '149s',
      policies: ['reactive', 'forescale'],
    });
  });

  it('sends the history along where the query is not shown', () => {
    const hidden = { ...status, query: fromEnvironment };
    expect(isQueryKnown(hidden)).toBe(false);
    const body = bodyOf(present, hidden, { timestamps: [1, 2], values: [3, 4], stepSeconds: 1 });
    expect(body).toMatchObject({ data: { timestamps: [1, 2], values: [3, 4] } });
    expect(body).not.toHaveProperty('query');
  });
});

describe('the result of a what-if', () => {
  const policy = (name: string, shortTimeShare: number, replicaHours: number) => ({
    name,
    title: name,
    shortTimeShare,
    longestShortSeconds: 120,
    worstDayShortShare: 0.02,
    replicaHours,
    hours: 100,
  });
  const answer = (savedShare: number | null, replicaHours = 900, short = 0.01) => ({
    policies: [policy('reactive', 0.05, 1000), policy('forescale', short, replicaHours)],
    verdict: { savedShare },
  });

  it('says which rule is cheaper', () => {
    expect(resultSentences(answer(0.12))[0]).toContain(
      'Forescale is cheaper: for the same time short it needs 12% fewer',
    );
    expect(resultSentences(answer(-0.12))[0]).toContain('The reactive rule is cheaper');
    expect(resultSentences(answer(0.01))[0]).toContain('cost the same');
    expect(resultSentences(answer(null))[0]).toContain('At no target');
    expect(resultSentences({ ...answer(0), verdict: null })).toEqual([]);
  });

  it('says what the changed settings cost beside those of now', () => {
    expect(resultSentences(answer(0.1), answer(0.2, 720, 0.015))[1]).toBe(
      'With the changed settings Forescale needs 20% fewer replica-hours and is short for 1.5% of the time, where it is 1% now.',
    );
    expect(resultSentences(answer(0.1), answer(0.2, 905))[1]).toContain('costs the same');
  });

  it('says what Forescale would be without the calendars, where an event was judged', () => {
    const without = { shortTimeShare: 0.021, replicaHours: 100 };
    const atEvents = { hours: 24, with: { shortTimeShare: 0.005, replicaHours: 110 }, without };
    expect(resultSentences({ ...answer(0.1), calendar: { without, atEvents } })[1]).toBe(
      'In the 24 hours of events of its calendars Forescale is short for 0.5% of the time with 110 replica-hours; without the calendars it would be short for 2.1% of the time with 100 replica-hours.',
    );
    expect(resultSentences({ ...answer(0.1), calendar: { without, atEvents: null } })).toHaveLength(1);
  });

  it('has a row for each rule, and for the reactive rule that is short as little, beside those of now', () => {
    const best = { ...answer(0.1), verdict: { savedShare: 0.1, reactiveReplicaHours: 1200 } };
    const [now, ...others] = resultGroups(best);
    expect(others).toEqual([]);
    expect(now?.rows.map(({ name }: { name: string }) => name)).toEqual([
      'Reactive rule',
      'Forescale',
      'Reactive rule at a target that is short as little',
    ]);
    expect(now?.rows[2]?.cells).toEqual(['1%', '–', '–', '1,200', '12']);
    const groups = resultGroups(answer(0.1), answer(0.1, 720));
    expect(groups.map(({ title }) => title)).toEqual(['Settings of now', 'Changed settings']);
    expect(groups[1]?.rows[1]?.cells).toEqual(['1%', '2m', '2%', '720', '7.2']);
  });
});
