import { describe, expect, it } from 'vitest';
import { IncidentHabits } from '../../../../../src/forecast/core/hygiene/incident-habits.ts';

const day = 288;
const week = 7 * day;
const habits = () => new IncidentHabits(day, week);

describe('habits of incidents', () => {
  it('are incidents at the same time of day within a week, two hours more or less', () => {
    expect([0, 3 * day + 24].map((start) => habits().note(start))).toEqual([false, false]);
    const twice = habits();
    expect([100, 100 + 3 * day + 24].map((start) => twice.note(start))).toEqual([false, true]);
    const apart = habits();
    expect([100, 100 + 3 * day + 25].map((start) => apart.note(start))).toEqual([false, false]);
  });

  it('are more than three incidents within a week at whatever time', () => {
    const many = habits();
    expect([0, 100, 200, 330].map((start) => many.note(start))).toEqual([false, false, false, true]);
  });

  it('are forgotten after a week', () => {
    const rule = habits();
    expect([0, week + 25].map((start) => rule.note(start))).toEqual([false, false]);
  });
});
