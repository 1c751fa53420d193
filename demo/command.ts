import { defineCommand } from '../src/cli/command.ts';

/** `forescale demo`; the command line loads it where there is a checkout. */
export const demoCommand = defineCommand({
  summary: 'compare two fleets on this machine, with and without the forecast; no cluster',
  declare: () => import('./flags.ts'),
  act: async () => (await import('./run-command.ts')).runDemoCommand,
});
