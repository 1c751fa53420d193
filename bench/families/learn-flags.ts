import { type FlagReading, type FlagTable, switchedOn } from '../../src/cli/flags.ts';
import { someText } from '../../src/platform/setting-values.ts';

/** The flags of the commands that learn from many families of traces. */
export const learnFlags = {
  traces: {
    value: 'folder',
    variable: 'FORESCALE_TRACES',
    meaning: 'CSV files to learn from',
    default: 'bench/traces',
    ...someText,
  },
  write: { meaning: 'write what all families teach into the product', ...switchedOn },
} as const satisfies FlagTable;

export type LearnFlags = FlagReading<typeof learnFlags>;
