/** Unix time in seconds. Passed in wherever time matters, so that tests and replays can choose it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now() / 1000;
