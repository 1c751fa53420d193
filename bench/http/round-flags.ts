import { number, whole } from '../../src/platform/setting-values.ts';

/** Flags of every command that asks two servers in turn; each gives its own number of rounds. */
export const rounds = { value: 'count', meaning: 'pairs of rounds', ...whole({ from: 1 }) } as const;

export const roundSeconds = {
  name: '--seconds',
  value: 'seconds',
  meaning: 'length of a round',
  default: '0.25',
  ...number({ above: 0 }),
} as const;
