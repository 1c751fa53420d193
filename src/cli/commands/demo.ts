import { existsSync } from 'node:fs';
import { ForescaleError } from '../../platform/errors.ts';
import type { CommandEntry } from '../command.ts';

/** The demo plays with real programs and lives beside `src`, in a checkout; a package or an image does not have it. */
const demoModule = new URL('../../../demo/command.ts', import.meta.url);

/** `forescale demo`: two fleets on one machine, with and without the forecast. */
export const addDemoCommand: CommandEntry['add'] = async (command, io) => {
  if (existsSync(demoModule)) {
    const { demoCommand } = (await import(demoModule.href)) as { readonly demoCommand: CommandEntry };
    return demoCommand.add(command, io);
  }
  command.allowUnknownOption().action(() => {
    throw new ForescaleError(
      'not-found',
      'the demo is part of a checkout of the project: git clone it, then make demo',
    );
  });
};
