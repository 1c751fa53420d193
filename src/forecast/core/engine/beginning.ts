import type { Stateful } from '../memory/state-copier.ts';

/** Takes one value of the grid; NaN = missing. */
type TakeGridValue = (gridTime: number, value: number, isCensored: boolean) => void;

/** The beginning of a history. */
interface Beginning extends Stateful {
  readonly take: TakeGridValue;
}

/**
 * Holds the first grid values back until `enough` of them are there, because nothing before them tells whether they are
 * credible. Then `begin` is told what demand is credible, the median of them, and `take` gets them all in order. Missing values
 * before the first one are dropped.
 */
export function holdingBeginning(
  enough: number,
  begin: (credibleDemand: number) => void,
  take: TakeGridValue,
): Beginning {
  let held: Parameters<TakeGridValue>[] | undefined = [];
  return {
    take(...gridValue) {
      if (held === undefined) return take(...gridValue);
      if (held.length === 0 && Number.isNaN(gridValue[1])) return;
      held.push(gridValue);
      const values = held.map(([, value]) => value).filter((value) => !Number.isNaN(value));
      if (values.length < enough) return;
      begin(values.sort((a, b) => a - b)[(values.length - 1) >> 1]!);
      for (const one of held) take(...one);
      held = undefined;
    },
    copyState(copier) {
      const isHolding = copier.flag(held !== undefined);
      const numbers = (held ?? []).flatMap(([time, value, isCensored]) => [time, value, isCensored ? 1 : 0]);
      copier.list(numbers);
      held = isHolding ? inThrees(numbers) : undefined;
    },
  };
}

function inThrees(numbers: readonly number[]): Parameters<TakeGridValue>[] {
  return Array.from({ length: numbers.length / 3 }, (_, i) => [
    numbers[3 * i]!,
    numbers[3 * i + 1]!,
    numbers[3 * i + 2] === 1,
  ]);
}
