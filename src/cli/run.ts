import { version } from '../platform/process/version.ts';
import { type CommandEntry, defineCommand } from './command.ts';
import type { CommandIo } from './command-io.ts';
import { createProgram, runProgram } from './program.ts';

/**
 * Every command, in the order `--help` shows them. Adding one is an entry here, a file in `commands` that declares its flags,
 * and a file in `actions` that does it.
 */
export const commands = {
  serve: defineCommand({
    summary: 'serve the KEDA external scaler (gRPC), the forecasting API and the page (HTTP)',
    declare: () => import('./commands/serve.ts'),
    act: async () => (await import('./actions/serve.ts')).serve,
  }),
  forecast: defineCommand({
    summary: 'forecast demand from its history',
    declare: () => import('./commands/forecast.ts'),
    act: async () => (await import('./actions/forecast.ts')).forecast,
  }),
  explain: defineCommand({
    summary:
      'why so much demand is forecast: the parts of it, who forecast it, and how far it can be trusted',
    declare: () => import('./commands/explain.ts'),
    act: async () => (await import('./actions/explain.ts')).explain,
  }),
  status: defineCommand({
    summary: 'the workloads of a running server, those that want attention first',
    declare: () => import('./commands/status.ts'),
    act: async () => (await import('./actions/server/status.ts')).status,
  }),
  decisions: defineCommand({
    summary: 'what KEDA was told about a workload of a running server, and what then came',
    declare: () => import('./commands/decisions.ts'),
    act: async () => (await import('./actions/server/decisions.ts')).decisions,
  }),
  events: defineCommand({
    summary: 'what changed at a running server, one sentence a line',
    declare: () => import('./commands/events.ts'),
    act: async () => (await import('./actions/server/events.ts')).events,
  }),
  calendar: defineCommand({
    summary: 'events that demand is different at: list, add, ignore and remove them, check a file',
    declare: () => import('./commands/calendar.ts'),
    act: async () => (await import('./actions/server/calendar.ts')).calendar,
  }),
  mode: defineCommand({
    summary: 'show or switch the kill switch of a running server',
    declare: () => import('./commands/mode.ts'),
    act: async () => (await import('./actions/server/mode.ts')).mode,
  }),
  report: defineCommand({
    summary: 'the last week of each workload of a running server beside the reactive rule, and what to do',
    declare: () => import('./commands/report.ts'),
    act: async () => (await import('./actions/server/report.ts')).report,
  }),
  backtest: defineCommand({
    summary: 'replay a history, forecast at every origin with what was known then, and score it',
    declare: () => import('./commands/backtest.ts'),
    act: async () => (await import('./actions/backtest.ts')).backtest,
  }),
  'what-if': defineCommand({
    summary: 'replay a history through ways of scaling: how long each is short, and what it costs',
    declare: () => import('./commands/what-if.ts'),
    act: async () => (await import('./actions/what-if.ts')).whatIf,
  }),
  seed: defineCommand({
    summary: 'write history into Prometheus, made or from a CSV file',
    declare: () => import('./commands/seed.ts'),
    act: async () => (await import('./actions/seed.ts')).seed,
  }),
  'keda-sim': defineCommand({
    summary: 'play KEDA and the HPA against an external scaler and print the replicas they would set',
    declare: () => import('./commands/keda-sim.ts'),
    act: async () => (await import('./actions/keda-sim.ts')).kedaSim,
  }),
  doctor: defineCommand({
    summary: "judge any external scaler by KEDA's contract, point by point",
    declare: () => import('./commands/doctor.ts'),
    act: async () => (await import('./actions/doctor.ts')).doctor,
  }),
  demo: {
    summary: 'compare two fleets on this machine, with and without the forecast; no cluster',
    add: async (command, io) => (await import('./commands/demo.ts')).addDemoCommand(command, io),
  },
} as const satisfies Readonly<Record<string, CommandEntry>>;

/** Runs one `forescale` command line and resolves with its exit code. Only the command that is named is loaded. */
export async function runCli(args: readonly string[], io: CommandIo): ReturnType<typeof runProgram> {
  const program = createProgram('forescale', io)
    .description('Predictive autoscaling for KEDA: has the capacity there before the load')
    .version(version);
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const named = first === 'help' ? second : first;
  for (const [name, entry] of Object.entries<CommandEntry>(commands)) {
    const command = program.command(name).description(entry.summary);
    if (name === named) await entry.add(command, io);
  }
  return runProgram(program, args, io);
}
