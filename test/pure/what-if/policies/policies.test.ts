import { describe, expect, it } from 'vitest';
import { tickSeconds } from '../../../../src/what-if/demand.ts';
import { type Demand, type Policy, policies } from '../../../../src/what-if/index.ts';
import { createKnowledge } from '../../../../src/what-if/knowledge.ts';
import { daily, minutes, scenario, sight } from '../what-if-scenes.ts';

const days = 9;
const demand = minutes(days * 1440, daily);

/** Signals of every setting at each minute of some hours, on the eighth day. */
function signalsOf(policy: Policy, truth: Demand): Float64Array[] {
  const run = policy.create({ scenario, settings: policy.knob.values, truth });
  const known = createKnowledge(truth, sight);
  run.begin?.(known);
  const from = Math.round((7.5 * 86_400) / tickSeconds);
  return Array.from({ length: 4 * 60 }, (_, minute) => {
    const into = new Float64Array(policy.knob.values.length);
    known.moveTo(from + minute * 4);
    run.signals(known, into);
    return into;
  });
}

describe.each(Object.entries<Policy>(policies))('the policy %s', (name, policy) => {
  const signals = signalsOf(policy, demand);

  it('asks for finite demand once it has a week of history', () => {
    expect(signals.flatMap((one) => [...one]).filter((value) => !(value >= 0 && value < 1e6))).toEqual([]);
  });

  it('asks for no less on the whole with a higher setting', () => {
    const sums = policy.knob.values.map((_, setting) =>
      signals.reduce((sum, one) => sum + (one[setting] ?? Number.NaN), 0),
    );
    expect(sums).toEqual([...sums].sort((a, b) => a - b));
  });

  it('offers the setting that users get among those that are tuned', () => {
    expect(policy.knob.values).toContain(policy.knob.default);
  });

  it('gives the same signals for the same demand', () => {
    expect(signalsOf(policy, minutes(days * 1440, daily))).toEqual(signals);
  });

  if (name === 'perfect') return;
  it('knows nothing of the future', () => {
    const turnsAtMinute = Math.round(7.5 * 1440) + 120;
    const other = signalsOf(
      policy,
      minutes(days * 1440, (minute) => (minute < turnsAtMinute ? daily(minute) : 900)),
    );
    // The first 120 minutes are the same; afterwards every policy that looks at demand at all sees another.
    expect(other.slice(0, 120)).toEqual(signals.slice(0, 120));
  });
});
