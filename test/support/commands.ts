import { flags as kedaSimFlags } from '../../src/cli/commands/keda-sim.ts';
import { flags as seedFlags } from '../../src/cli/commands/seed.ts';
import { flags as serveFlags } from '../../src/cli/commands/serve.ts';
import { type FlagTable, flagName } from '../../src/cli/flags.ts';

const tables: Readonly<Record<string, FlagTable>> = {
  serve: serveFlags,
  seed: seedFlags,
  'keda-sim': kedaSimFlags,
};

/** A flag as users see it. */
export interface FlagFacts {
  /** Name and value: `--step <duration>`. */
  readonly flags: string;
  readonly long: string;
  readonly variable: string | undefined;
  readonly byDefault: string | undefined;
  readonly meaning: string;
}

/** The flags that a command declares; none where there is no such command. */
export function flagsOf(command: string): readonly FlagFacts[] {
  return Object.entries(tables[command] ?? {}).map(([tableName, flag]) => {
    const long = flagName(tableName, flag);
    return {
      flags: flag.value === undefined ? long : `${long} <${flag.value}>`,
      long,
      variable: flag.variable,
      byDefault: flag.absent ?? flag.default,
      meaning: flag.meaning,
    };
  });
}

/** The variables of the environment that `serve` reads. */
export function serveVariables(): readonly string[] {
  return flagsOf('serve').flatMap(({ variable }) => variable ?? []);
}

/** The port that `serve` listens on by default, by the variable that sets the address. */
export function portOf(name: string): number {
  const address = flagsOf('serve').find(({ variable }) => variable === name)?.byDefault;
  return Number(address?.split(':')[1]);
}
