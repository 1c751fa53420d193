/**
 * Names what a forecaster and the plays beside it make of rows, and how they keep it. A test computes it from the states that some
 * traces lead to, so that it changes with anything that changes one of them: what was saved by other arithmetic is not gone on from.
 */
export const stateVersion = '4a8af104027e9a36';
