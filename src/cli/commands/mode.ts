import { oneOf } from '../../platform/setting-values.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp } from '../server-flags.ts';

export const flags = {
  mode: {
    name: 'MODE',
    value: 'MODE',
    isArgument: true,
    meaning: 'switch to active or reactive',
    absent: 'show the mode',
    ...oneOf(['active', 'reactive']),
  },
  ...serverFlags,
  json: { meaning: 'print the answer as one line of JSON', ...switchedOn },
} as const satisfies FlagTable;

export type ModeFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

The kill switch. reactive makes every signal of every workload the observed demand at once; forecasts go on and are scored. active
lets the forecast decide again. A switch holds on every replica within seconds, and on those that start later. Switching needs the
API token, unless the server is on this machine.

Examples:
  forescale mode
  forescale mode reactive --server http://forescale.example:8080 --bearer-token-file token
  forescale mode active
`;
