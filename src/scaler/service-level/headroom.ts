import { createFeedback, type Feedback } from './feedback.ts';

/** The knob is the logarithm of the headroom: 0 is the observed demand itself, 3 is twenty times as much. */
const most = 3;
/** 0.3 is a target of 74 % of what a replica carries, near what people begin with. */
const start = 0.3;

/** Headroom of the reactive rule over the observed demand, moved by the same feedback as the level of the forecast. */
export function createHeadroom(allowedShare: number): Feedback {
  return createFeedback({ allowedShare, start, lowest: 0, highest: most, stepPerShortTick: 0.0015 });
}

/** The factor on observed demand at a position of the knob, at least 1. */
export function headroomAt(position: number): number {
  return Math.exp(position);
}
