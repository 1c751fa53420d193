import { Command, type Option } from 'commander';
import { addSeedCommand } from '../../src/cli/commands/seed.ts';
import { addServeCommand } from '../../src/cli/commands/serve.ts';

const program = new Command();
const io = { stdout() {}, stderr() {}, isTty: false, env: {} };
for (const add of [addServeCommand, addSeedCommand]) add(program, io);

/** The flags of a command of ours. */
export function optionsOf(name: string): readonly Option[] {
  return program.commands.find((command) => command.name() === name)?.options ?? [];
}

/** The port that serve listens on, by the variable that says the address. */
export function portOf(variable: string): number {
  const address = optionsOf('serve').find(({ envVar }) => envVar === variable)?.defaultValue as string;
  return Number(address.split(':')[1]);
}
