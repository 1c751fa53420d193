import { Command, InvalidArgumentError, Option } from 'commander';
import { components, type Target, targets } from './tables.ts';

/** Every verb in the order of `--help`: what it does, its examples, and its words beside the options. */
export const verbs = {
  doctor: [
    'check everything that a deployment needs, with a remedy for each failure; changes nothing',
    ['doctor --target k3s', 'doctor --target staging --json'],
  ],
  install: [
    'bring what a cluster needs once: KEDA where there is none, namespaces, generated secrets',
    ['install --target k3s', 'install --target dev --no-keda'],
  ],
  deploy: [
    'bring the image and the manifests of the target, and wait until everything runs',
    ['deploy --dry-run | kubectl diff -f -', 'deploy --target dev --image example.org/forescale:0.1.0'],
  ],
  status: ['show what runs, what the ScaledObjects report and what is not ready', ['status']],
  ports: ['show the address of every part, and the command that forwards its port', ['ports']],
  logs: [
    `show the logs of a component: ${Object.keys(components).join(', ')}`,
    ['logs', 'logs prometheus --follow'],
    '[component]',
  ],
  load: [
    'send app-a the load of a week in 28 minutes, or of one or two days in real time',
    ['load week LOAD_PEAK_RPS=120', 'load weekday', 'load stop'],
    '[script] [LOAD_...=value...]',
  ],
  seed: ['write weeks of history of app-a into Prometheus', ['seed', 'seed --days 14 --peak 120']],
  test: [
    'check what is deployed: workloads, ScaledObjects, the chain, Prometheus, the API, Grafana',
    ['test', 'test --json'],
  ],
  credentials: ['print the generated secrets', ['credentials']],
  cleanup: [
    'delete the objects that carry our label, after a question',
    ['cleanup --dry-run', 'cleanup --data --keda --crds'],
  ],
} as const satisfies Record<string, readonly [string, readonly string[], string?]>;

export type Verb = keyof typeof verbs;
const verbNames = Object.keys(verbs) as Verb[];
const changing: readonly Verb[] = ['install', 'deploy', 'load', 'seed', 'cleanup'];
const waiting: readonly Verb[] = ['install', 'deploy', 'cleanup'];

/** Every option: the verbs that take it, and what it does. */
export const options: readonly (readonly [flags: string, of: readonly Verb[], what: string])[] = [
  ['--target <name>', verbNames, `one of ${targets.join(' ')} (default: told from the current context)`],
  ['--context <name>', verbNames, 'context of the kubeconfig (default: the current one)'],
  ['--kubectl <command>', verbNames, 'kubectl to use, such as "k3s kubectl" (default: that of the target)'],
  ['--yes', changing, 'answer every question with yes; needed where the context looks like production'],
  ['--dry-run', changing, 'ask the cluster, print commands and manifests, and change nothing'],
  ['--timeout <duration>', waiting, 'how long to wait for each thing (default: 5m)'],
  ['--json', ['doctor', 'test'], 'print one JSON object on stdout'],
  ['--no-keda', ['install'], 'leave KEDA to somebody else'],
  ['--image <reference>', ['deploy'], 'use this image, which is in a registry or on the nodes already'],
  ['--archive <file>', ['deploy'], 'import this image archive instead of building one'],
  ['--follow', ['logs'], 'go on until Ctrl-C'],
  ['--days <number>', ['seed'], 'days of history (default: 28)'],
  ['--peak <rate>', ['seed'], 'highest rate in requests per second (default: 80)'],
  ['--data', ['cleanup'], 'also delete PersistentVolumeClaims, so the history in Prometheus, and secrets'],
  ['--keda', ['cleanup'], 'also delete KEDA, where install brought it'],
  ['--crds', ['cleanup'], 'also delete the definitions of KEDA, so every ScaledObject of the cluster'],
];

const isNumber = [/^\d+(\.\d+)?$/, 'a number'] as const;
/** What the values of options must look like, and how an error says it. */
const rules: Readonly<Record<string, readonly [RegExp, string]>> = {
  '--target': [new RegExp(`^(${targets.join('|')})$`), `one of ${targets.join(', ')}`],
  '--timeout': [/^([1-9]\d*[hms])+$/, 'a duration such as 90s or 5m'],
  '--image': [/^\w[\w./:-]*[:@]\w[\w.:-]*$/, 'a reference such as example.org/forescale:0.1.0'],
  '--days': isNumber,
  '--peak': isNumber,
};

type TextOption = 'context' | 'kubectl' | 'timeout' | 'image' | 'archive' | 'days' | 'peak';
type Flag = 'yes' | 'dryRun' | 'json' | 'follow' | 'data' | 'keda' | 'crds';

/** What the options of a command line say, by their long names. `keda` is false with --no-keda. */
export type Options = { readonly target?: Target } & { readonly [Name in TextOption]?: string } & {
  readonly [Name in Flag]?: boolean;
};

export interface Invocation {
  readonly verb: Verb;
  readonly words: readonly string[];
  readonly options: Options;
}

/** The command line of `./stack`, which gives `take` what is asked for and throws for help and usage errors. */
export function createCommandLine(take: (invocation: Invocation) => Promise<void>): Command {
  const program = new Command('./stack')
    .description('Brings Forescale, KEDA, Prometheus, Grafana and a telemetry app into a cluster.')
    .addHelpText('after', '\nExit codes: 0 done or all well, 1 not, 2 wrong command line.')
    .exitOverride();
  for (const verb of verbNames) {
    const [what, examples, words = ''] = verbs[verb];
    const command = program.command(`${verb} ${words}`).description(what).exitOverride();
    for (const [flags, , meaning] of options.filter((option) => option[1].includes(verb))) {
      command.addOption(
        new Option(flags, meaning).argParser(checked(...(rules[flags.split(' ')[0] ?? ''] ?? [/^/, '']))),
      );
    }
    command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ./stack ${line}`).join('\n')}`);
    command.action(() => take({ verb, words: command.args, options: command.opts() }));
  }
  return program;
}

const checked = (rule: RegExp, wanted: string) => (text: string) => {
  if (!rule.test(text)) throw new InvalidArgumentError(`It must be ${wanted}.`);
  return text;
};
