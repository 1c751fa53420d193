import { type FlagReading, type FlagTable, switchedOn } from '../src/cli/flags.ts';
import { duration, formatDuration } from '../src/platform/duration.ts';
import { anyText, number, whole } from '../src/platform/setting-values.ts';
import { scenario } from './scenario.ts';

/** The flags of `forescale demo`. */
export const flags = {
  forSeconds: {
    name: '--for',
    value: 'duration',
    meaning: 'how long to run, counted from ready',
    default: formatDuration(scenario.runSeconds),
    ...duration({ above: '0', allowed: 'a duration above zero, such as 90s, 2h or 7d' }),
  },
  // Any number that APP_SEED takes, because the replicas are given it too.
  seed: {
    value: 'number',
    meaning: 'chooses the noise of the load',
    default: '1',
    ...whole({ from: 0, to: 4_294_967_295 }),
  },
  json: { meaning: 'print one JSON line with the results at the end', ...switchedOn },
  pricePerReplicaHour: {
    value: 'price',
    meaning: 'what one replica costs in an hour, in your currency',
    default: String(scenario.pricePerReplicaHour),
    ...number({ above: 0 }),
  },
  report: {
    value: 'file',
    meaning: 'write the report here, a page of one file',
    absent: 'results/demo.html in the checkout',
    ...anyText,
  },
  record: { value: 'file', meaning: 'draw the run as an SVG', ...anyText },
} as const satisfies FlagTable;

export type DemoFlags = FlagReading<typeof flags>;

export const help = `
Two fleets of real services with a capacity and a slow start receive the same requests. One is scaled on Forescale's
signal, the other on the demand observed now, as by KEDA's own prometheus trigger. Prometheus and the scaler are real;
no cluster and no Docker are needed. A day passes in four minutes. The page is on http://127.0.0.1:8080/demo/, or on
another port where that one is taken; in a terminal it stays until you press Enter. A report is left behind, a page of one
file, and nothing else.

Where the machine is too busy for its delays not to matter, the fleets are not compared, and the exit code is 3.

Examples:
  forescale demo
  forescale demo --for 90s --json
  forescale demo --price-per-replica-hour 0.12
  forescale demo --seed 2 --record demo.svg
`;
