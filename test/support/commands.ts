import { Command, type Option } from 'commander';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { addKedaSimCommand } from '../../src/cli/commands/keda-sim.ts';
import { addSeedCommand } from '../../src/cli/commands/seed.ts';
import { addServeCommand } from '../../src/cli/commands/serve.ts';

const io: CommandIo = { stdout() {}, stderr() {}, isTty: false, env: {} };
const commands = { serve: addServeCommand, seed: addSeedCommand, 'keda-sim': addKedaSimCommand };

/** The flags that a command declares; none where there is no such command. */
export function optionsOf(name: string): readonly Option[] {
  const command = new Command(name);
  if (name in commands) commands[name as keyof typeof commands](command, io);
  return command.options;
}

/** The port that `serve` listens on by default, by the variable that sets the address. */
export function portOf(variable: string): number {
  const address = optionsOf('serve').find(({ envVar }) => envVar === variable)?.defaultValue as string;
  return Number(address.split(':')[1]);
}
