import { settings } from './environment.ts';

/** The app takes no arguments. Given any, it explains itself instead of starting: somebody who starts it by hand may not know. */
export function answerArguments(given: readonly string[]): void {
  if (given.length === 0) return;
  const isAsked = given.some((one) => one === '--help' || one === '-h');
  const refusal = 'the app takes no arguments; its environment sets it up, and --help lists it';
  if (isAsked) process.stdout.write(helpText());
  else process.stderr.write(`${given.join(' ')}: ${refusal}\n`);
  process.exit(isAsked ? 0 : 2);
}

/** The help text; it lists every variable in the order of the documents. */
export function helpText(): string {
  const variables = Object.values(settings).map((setting) => {
    const { name, meaning, allowed } = setting;
    const byDefault = 'default' in setting ? `=${setting.default}` : '';
    return `  ${name}${byDefault}\n      ${meaning}\n      ${allowed}\n`;
  });
  return `An app of a chain: appends its name, calls its destinations, answers with the chain.

Examples:
  APP_NAME=b APP_PORT=8002 APP_CAPACITY_RPS=20 node src/telemetry-app/main.ts
  APP_NAME=a APP_PORT=8001 APP_URL_DESTINO=http://127.0.0.1:8002 APP_LATENCY=50 node src/telemetry-app/main.ts

Then: curl http://127.0.0.1:8001/calls, or a browser at http://127.0.0.1:8001/ui

Environment, with defaults:
${variables.join('')}`;
}
