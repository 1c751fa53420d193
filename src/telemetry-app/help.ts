import type { Setting } from '../platform/settings.ts';
import { settings } from './environment.ts';

/** Somebody who starts the app by hand may not know that it takes no arguments. */
export const noArguments = 'the app takes no arguments; its environment sets it up, and --help lists it';

/** The help text; it lists every variable in the order of the documents. */
export function helpText(): string {
  const variables = Object.values(settings).map((setting: Setting<unknown>) => {
    const { name, meaning, allowed, default: byDefault } = setting;
    return `  ${name}${byDefault === undefined ? '' : `=${byDefault}`}\n      ${meaning}\n      ${allowed}\n`;
  });
  return `An app of a chain: appends its name, calls its destinations, answers with the chain.

Examples:
  APP_NAME=b APP_PORT=8002 APP_CAPACITY_RPS=20 node src/telemetry-app/main.ts
  APP_NAME=a APP_PORT=8001 APP_URL_DESTINO=http://127.0.0.1:8002 APP_LATENCY=50 node src/telemetry-app/main.ts

Then: curl http://127.0.0.1:8001/calls, or a browser at http://127.0.0.1:8001/ui

Environment, with defaults:
${variables.join('')}`;
}
