/**
 * Copies the state of a part to bytes, or from bytes to a part that is new: what the forecasting core's copier of that name can do, as
 * far as fleets need it.
 */
export interface StateCopier {
  /** Gives what the part holds from now on: the same number, or the one that was saved. */
  number(value: number): number;
  flag(value: boolean): boolean;
  /** A list of any length; changed in place. */
  list(values: number[]): void;
}

/** A part whose state can be saved, and given to another one that was made with the same options. */
export interface Stateful {
  copyState(copier: StateCopier): void;
}
