import type { ServedDecision } from '../../../forecast/index.ts';

/** What a model said is usual, and which of its experts count most. */
export type Model = Pick<ServedDecision, 'usual' | 'experts'>;

/** Whether a decision has what the one before it had; one that was not given has. */
export function isSameModel(before: Model, given: Model | undefined): boolean {
  return (
    given === undefined || (isSameUsual(before.usual, given.usual) && areSame(before.experts, given.experts))
  );
}

function isSameUsual(before: Model['usual'], given: Model['usual']): boolean {
  if (before === undefined || given === undefined) return before === given;
  return before.level === given.level && before.day === given.day && before.week === given.week;
}

function areSame(before: Model['experts'], given: Model['experts']): boolean {
  if (before.length !== given.length) return false;
  return before.every(({ name, percent }, index) => {
    const other = given[index];
    return name === other?.name && percent === other.percent;
  });
}
