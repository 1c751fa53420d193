import type { Command } from 'commander';
import { version } from '../platform/process/version.ts';
import type { CommandIo } from './command-io.ts';
import { createProgram, runProgram } from './program.ts';

interface CommandEntry {
  /** The line of `forescale --help`. */
  readonly summary: string;
  /** Loads the command's own file, and only that. */
  readonly load: () => Promise<(command: Command, io: CommandIo) => void | Promise<void>>;
}

/** Every command, in the order `--help` shows them. Adding one is a file and an entry. */
const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'serve the KEDA external scaler (gRPC), the forecasting API and the page (HTTP)',
    load: async () => (await import('./commands/serve.ts')).addServeCommand,
  },
  forecast: {
    summary: 'forecast demand from its history',
    load: async () => (await import('./commands/forecast.ts')).addForecastCommand,
  },
  explain: {
    summary:
      'why so much demand is forecast: the parts of it, who forecast it, and how far it can be trusted',
    load: async () => (await import('./commands/explain.ts')).addExplainCommand,
  },
  backtest: {
    summary: 'replay a history, forecast at every origin with what was known then, and score it',
    load: async () => (await import('./commands/backtest.ts')).addBacktestCommand,
  },
  seed: {
    summary: 'write history into Prometheus, made or from a CSV file',
    load: async () => (await import('./commands/seed.ts')).addSeedCommand,
  },
  'keda-sim': {
    summary: 'play KEDA and the HPA against an external scaler and print the replicas they would set',
    load: async () => (await import('./commands/keda-sim.ts')).addKedaSimCommand,
  },
  demo: {
    summary: 'compare two fleets on this machine, with and without the forecast; no cluster',
    load: async () => (await import('./commands/demo.ts')).addDemoCommand,
  },
};

/** Runs one `forescale` command line and resolves with its exit code. Only the command that is named is loaded. */
export async function runCli(args: readonly string[], io: CommandIo): ReturnType<typeof runProgram> {
  const program = createProgram('forescale', io)
    .description('Predictive autoscaling for KEDA: has the capacity there before the load')
    .version(version);
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const named = first === 'help' ? second : first;
  for (const [name, entry] of Object.entries(commands)) {
    const command = program.command(name).description(entry.summary);
    if (name === named) await (await entry.load())(command, io);
  }
  return runProgram(program, args, io);
}
