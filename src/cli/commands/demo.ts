import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ForescaleError } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';

/** The demo plays with real programs and lives beside `src`, in a checkout; a package or an image does not have it. */
const demoModule = new URL('../../../demo/command.ts', import.meta.url);

interface DemoModule {
  addDemoOptions(command: Command): Command;
  runDemoCommand(flags: unknown, io: CommandIo): Promise<void>;
}

/** `forescale demo`: two fleets on one machine, with and without the forecast. */
export async function addDemoCommand(command: Command, io: CommandIo): Promise<void> {
  if (existsSync(demoModule)) {
    const { addDemoOptions, runDemoCommand } = (await import(demoModule.href)) as DemoModule;
    addDemoOptions(command).action((flags: unknown) => runDemoCommand(flags, io));
    return;
  }
  command.allowUnknownOption().action(() => {
    throw new ForescaleError(
      'not-found',
      'the demo is part of a checkout of the project: git clone it, then make demo',
    );
  });
}
