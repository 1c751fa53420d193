import type { ColumnCoder } from '../../../platform/storage/columns/column-coder.ts';
import { leastAbove } from '../../decision/policy.ts';
import { demandOf, type Precision, ratioCode, signalUnits } from './precision.ts';

/** In place of a number: there is none. */
const absent = -1;
/** Equal parts of a bound, in which the median is told. */
const partsOfBound = 512;

/** Codes the kinds of numbers that a decision has. Each gives what a reader will get; a reader is given nothing. */
export type NumberCoder = ReturnType<typeof createNumberCoder>;

export function createNumberCoder(coder: ColumnCoder, precision: Precision) {
  const { ratiosPerDoubling, isSignalExact } = precision;
  const orNone =
    (code: (value: number) => number, decode: (coded: number) => number) =>
    (column: number, value: number | undefined): number | undefined => {
      const coded = coder.near(column, value === undefined ? absent : code(value));
      return coded <= absent ? undefined : decode(coded);
    };
  const ratioOf = (demand: number) => ratioCode(demand, ratiosPerDoubling);
  const ofRatio = (coded: number) => demandOf(coded, ratiosPerDoubling);

  return {
    demand: (column: number, value = 0) => ofRatio(coder.near(column, ratioOf(value))),
    demandOrNone: orNone(ratioOf, ofRatio),
    thousandths: (column: number, value = 0) => coder.near(column, Math.round(1000 * value)) / 1000,
    thousandthsOrNone: orNone(
      (value) => Math.round(1000 * value),
      (coded) => coded / 1000,
    ),
    wholeOrNone: orNone(Math.round, (coded) => coded),
    /** A level below 1, by its nines: 0.99 is 2. */
    level(column: number, value = 0): number {
      const thousandths = Math.round(-1000 * Math.log10(1 - Math.min(value, 1 - 1e-12)));
      return 1 - 10 ** (-coder.near(column, thousandths) / 1000);
    },
    /** A part of `whole`. */
    shareOf(column: number, whole: number, value = 0): number {
      const parts = whole > 0 ? Math.round((value / whole) * partsOfBound) : 0;
      return (whole * coder.near(column, Math.min(parts, 2 ** 40))) / partsOfBound;
    },
    /** A signal that is raised until it asks for so many replicas. */
    raised(column: number, threshold: number, tolerance: number, value?: number): number {
      const needed = value === undefined ? 1 : (raisedSteps(value, threshold, tolerance) ?? 1);
      return leastAbove(coder.near(column, needed), threshold, tolerance);
    },
    /** The signal as it is, or cut to whole units. */
    signal(exactColumn: number, column: number, threshold: number, value = 0): number {
      const perOne = signalUnits(precision, threshold);
      const scaled = value * perOne;
      // Rounding noise is no reason to fall short of a whole unit.
      const whole = Math.floor(scaled + 1e-6 + scaled * 1e-13);
      const isWhole = whole / perOne === value || whole > 2 ** 50;
      const isExact = isSignalExact && coder.flag(exactColumn, !isWhole);
      const coded = coder.near(column, Math.min(whole, 2 ** 50)) / perOne;
      return isExact ? coder.exact(value) : coded;
    },
  };
}

/** The replicas that a signal asks for by being raised as an HPA with that tolerance needs it; undefined where it is not. */
export function raisedSteps(signal: number, threshold: number, tolerance: number): number | undefined {
  const needed = 1 + Math.round(signal / ((1 + tolerance) * threshold));
  return leastAbove(needed, threshold, tolerance) === signal && needed < 2 ** 40 ? needed : undefined;
}
