import { anyText, type Kind } from '../platform/setting-values.ts';
import type { FlagTable } from './flags.ts';
import { connectionFlags } from './source-flags.ts';

/** Variable of the environment with the token itself, which no command line should have. */
export const tokenVariable = 'FORESCALE_API_TOKEN';

/** Flags of commands that ask a running server. */
export const serverFlags = {
  server: {
    value: 'url',
    variable: 'FORESCALE_SERVER',
    meaning: 'the running server: address of its HTTP API',
    default: 'http://127.0.0.1:8080',
    ...anyText,
  },
  ...connectionFlags,
} as const satisfies FlagTable;

export const serverHelp = `
The server is one that runs, such as http://127.0.0.1:8080 after kubectl port-forward service/forescale 8080. Where it asks for
its API token, give a file with it (--bearer-token-file) or the token itself in ${tokenVariable}.`;

/** The name of a workload: that of its ScaledObject. */
const workloadName: Kind<{ readonly namespace: string; readonly name: string }> = {
  allowed: 'a namespace and a name, such as shop/checkout',
  parse(text) {
    const [namespace = '', name = '', ...more] = text.split('/');
    return namespace === '' || name === '' || more.length > 0 ? undefined : { namespace, name };
  },
};

/** The argument that names the workload a command is about. */
export const workloadArgument = {
  name: 'NAMESPACE/NAME',
  value: 'NAMESPACE/NAME',
  isArgument: true,
  ...workloadName,
} as const;
